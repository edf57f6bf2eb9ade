import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { type Manifest, readManifest, type WorkspacePackage } from "./workspace.ts";

/** What `npm pack` would put into the archive of a package. */
export interface Packed {
  readonly files: readonly string[];
  /** In bytes, compressed. */
  readonly size: number;
}

/** Asks npm what it would publish. */
export function pack(root: string, { folder }: WorkspacePackage): Packed {
  // Scripts of the package must not run: there are none, and the check below says so.
  const text = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts", `./${folder}`], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    maxBuffer: 64 * 1024 * 1024,
  });
  const [packed] = Object.values(
    JSON.parse(text) as Record<string, { size: number; files: { path: string }[] }>,
  );
  return { files: (packed?.files ?? []).map(({ path }) => path), size: packed?.size ?? 0 };
}

// What npm runs on the machine of somebody who installs a package.
const installScripts = ["preinstall", "install", "postinstall", "prepare", "preprepare", "postprepare"];
const unwanted =
  /(?:^|\/)(?:src|test|dist-test|node_modules)\/|\.(?:map|tsbuildinfo|tgz|log|sqlite3)$|(?:^|\/)\.env|(?:^|\/)tsconfig.*\.json$|\.test\.[cm]?[jt]sx?$/;

/** What is wrong with what a package would hold, a sentence each. */
export function checkPacked(
  manifest: Manifest,
  { files }: Packed,
  byName: ReadonlyMap<string, string>,
): string[] {
  const problems: string[] = [];
  const has = (path: string) => files.includes(path.replace(/^\.\//, ""));
  for (const name of ["README.md", "CHANGELOG.md", "LICENSE", "package.json"]) {
    if (!has(name)) problems.push(`${name} is missing.`);
  }
  for (const path of entriesOf(manifest)) {
    if (!path.includes("*") && !has(path)) {
      problems.push(`${path} is missing, which package.json names. Run "npm run build".`);
    }
  }
  for (const file of files.filter((one) => unwanted.test(one)))
    problems.push(`${file} must not be published.`);
  for (const name of installScripts) {
    if (manifest.scripts?.[name] !== undefined)
      problems.push(`"${name}" in scripts would run on the machines of users.`);
  }
  for (const [name, range] of Object.entries(manifest.dependencies ?? {})) {
    const version = byName.get(name);
    if (/^(?:file|link|workspace|git|https?):/.test(range))
      problems.push(`the range ${range} of ${name} is not for others.`);
    else if (version !== undefined && !range.startsWith("^"))
      problems.push(`the range ${range} of ${name} must begin with ^.`);
  }
  return problems;
}

function entriesOf({ main, types, bin, exports }: Manifest): string[] {
  const exported = Object.values(exports ?? {}).flatMap((value) =>
    typeof value === "string" ? [value] : Object.values(value),
  );
  const all = [main, types, ...Object.values(bin ?? {}), ...exported];
  return [...new Set(all.filter((path) => path !== undefined).map((path) => path.replace(/^\.\//, "")))];
}

/** Packs every package, and collects what is wrong. */
export function checkPackages(root: string, packages: readonly WorkspacePackage[]): string[] {
  const byName = new Map(packages.map(({ manifest }) => [manifest.name, manifest.version]));
  return packages.flatMap((one) => {
    const packed = pack(root, one);
    const manifest = readManifest(join(root, one.folder, "package.json"));
    console.log(`  ${one.manifest.name}: ${packed.files.length} files, ${Math.ceil(packed.size / 1024)} kB`);
    return checkPacked(manifest, packed, byName).map((problem) => `${one.folder}: ${problem}`);
  });
}
