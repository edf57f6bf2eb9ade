// Prevents packages from drifting apart and from publishing what does not work for others: a dependency that
// only the workspace provides, a project reference that is missing while an old dist hides it, an entry file
// that grows code, an export without a file.
import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

interface PackageJSON {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly keywords?: readonly string[];
  readonly homepage?: string;
  readonly repository?: unknown;
  readonly bugs?: unknown;
  readonly license?: string;
  readonly type?: string;
  readonly sideEffects?: boolean;
  readonly engines?: { readonly node?: string };
  readonly main?: string;
  readonly types?: string;
  readonly typesVersions?: unknown;
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly files?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
}

interface Tsconfig {
  readonly references?: readonly { readonly path: string }[];
}

const root = fileURLToPath(new URL("..", import.meta.url));
const problems: string[] = [];
const folders = globSync("packages/*", { cwd: root }).sort();
const packages = new Map(
  folders.map((folder) => [folder, readJson<PackageJSON>(join(folder, "package.json"))]),
);
const byName = new Map([...packages].map(([folder, json]) => [json.name, { folder, json }]));
const rootReferences = (readJson<Tsconfig>("tsconfig.json").references ?? []).map(({ path }) => path);

for (const [folder, json] of packages) {
  checkFiles(folder);
  checkManifest(folder, json);
  checkExports(folder, json);
  checkDependencies(folder, json);
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log(`${packages.size} packages hold together.`);

function checkFiles(folder: string): void {
  for (const name of ["README.md", "CHANGELOG.md", "LICENSE", "tsconfig.json", "src", "test/tsconfig.json"]) {
    if (!existsSync(join(root, folder, name))) problems.push(`${folder}: there is no ${name}.`);
  }
  if (read(join(folder, "LICENSE")) !== read("LICENSE"))
    problems.push(`${folder}/LICENSE is not the root's.`);
  for (const path of [folder, `${folder}/test`]) {
    if (!rootReferences.includes(path)) problems.push(`tsconfig.json: add a reference to ${path}.`);
  }
}

function checkManifest(folder: string, json: PackageJSON): void {
  const expected: Partial<PackageJSON> = { license: "MIT", type: "module", sideEffects: false };
  for (const [key, value] of Object.entries(expected)) {
    if (json[key as keyof PackageJSON] !== value)
      problems.push(`${folder}: "${key}" must be ${JSON.stringify(value)}.`);
  }
  if (json.engines?.node !== ">=20.19") problems.push(`${folder}: "engines.node" must be ">=20.19".`);
  if (!json.description) problems.push(`${folder}: there is no "description".`);
  checkAddresses(folder, json);
  for (const name of ["dist", "CHANGELOG.md"]) {
    if (json.files?.includes(name) !== true) problems.push(`${folder}: "files" must list ${name}.`);
  }
  if (!read(join(folder, "CHANGELOG.md")).includes(`## ${json.version}`)) {
    problems.push(`${folder}/CHANGELOG.md says nothing of ${json.version}.`);
  }
  for (const path of Object.values(json.bin ?? {})) {
    if (!existsSync(join(root, folder, path))) problems.push(`${folder}: the bin ${path} does not exist.`);
    else if (read(join(folder, path)).split("\n").length > 16)
      problems.push(`${folder}/${path} is over 15 lines.`);
  }
}

/** What a registry shows beside a package. The root says where the source is, once it is public. */
function checkAddresses(folder: string, json: PackageJSON): void {
  const { repository, bugs } = readJson<PackageJSON & { readonly repository?: object }>("package.json");
  const expected = {
    homepage: `https://www.npmjs.com/package/${json.name}`,
    repository: repository === undefined ? undefined : { ...repository, directory: folder },
    bugs,
  };
  for (const [key, value] of Object.entries(expected)) {
    if (JSON.stringify(json[key as keyof PackageJSON]) !== JSON.stringify(value))
      problems.push(`${folder}: "${key}" must be ${JSON.stringify(value)}.`);
  }
  if ((json.keywords ?? []).length < 3)
    problems.push(`${folder}: "keywords" must have at least three words.`);
}

/** Tools that do not read "exports" find the same files: "moduleResolution" node10, and older bundlers. */
function checkOlderKeys(folder: string, json: PackageJSON): void {
  const { ".": root = {}, ...others } = json.exports ?? {};
  const paths = Object.entries(others).map(([key, { types }]) => [key.slice(2), [types]]);
  const expected = {
    main: root.default,
    types: root.types,
    typesVersions: paths.length === 0 ? undefined : { "*": Object.fromEntries(paths) },
  };
  for (const [key, value] of Object.entries(expected)) {
    if (JSON.stringify(json[key as keyof PackageJSON]) !== JSON.stringify(value))
      problems.push(`${folder}: "${key}" must be ${JSON.stringify(value)}.`);
  }
}

function checkExports(folder: string, json: PackageJSON): void {
  const entries = Object.entries(json.exports ?? {});
  if (entries.length === 0) problems.push(`${folder}: there are no "exports".`);
  checkOlderKeys(folder, json);
  for (const [key, conditions] of entries) {
    if (Object.keys(conditions)[0] !== "types")
      problems.push(`${folder}: "types" must be the first of ${key}.`);
    if (Object.keys(conditions).at(-1) !== "default")
      problems.push(`${folder}: "default" must be the last of ${key}.`);
    for (const target of Object.values(conditions)) {
      if (!existsSync(join(root, folder, target)))
        problems.push(`${folder}: ${key} names ${target}, which is not built.`);
    }
    const name = basename(conditions.default ?? "", ".js");
    const source = [`src/${name}.ts`, `src/${name}.tsx`].find((path) => existsSync(join(root, folder, path)));
    if (source === undefined) problems.push(`${folder}: ${key} has no src/${name}.ts of its own.`);
    else checkEntry(join(folder, source));
  }
}

/** An entry file is a table of contents: it re-exports by name and does nothing. */
function checkEntry(path: string): void {
  const text = read(path).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
  if (/^export \* from/m.test(text)) problems.push(`${path}: "export *" hides what is public; name it.`);
  if (/^(?:export )?(?:async )?(?:function|class|const|let)\b/m.test(text)) {
    problems.push(`${path}: code belongs into a folder; an entry file only re-exports.`);
  }
}

function checkDependencies(folder: string, json: PackageJSON): void {
  const used = importedPackages(folder);
  const declared = new Set([
    ...Object.keys(json.dependencies ?? {}),
    ...Object.keys(json.peerDependencies ?? {}),
  ]);
  const bundled = new Set(Object.keys(json.devDependencies ?? {}));
  checkBundled(folder, bundled);
  for (const name of used) {
    if (name !== json.name && !declared.has(name) && !bundled.has(name))
      problems.push(`${folder} imports ${name}, but does not depend on it.`);
  }
  for (const name of declared) {
    // What `miqro` brings for the code of its users, it need not import itself.
    if (json.name === "miqro" && byName.has(name)) continue;
    // Started as a program.
    if (json.name === "miqro" && name === "typescript") continue;
    if (!used.has(name) && !name.startsWith("@types/"))
      problems.push(`${folder} depends on ${name}, but never imports it.`);
  }
  const references = new Set(
    (readJson<Tsconfig>(join(folder, "tsconfig.json")).references ?? []).map(({ path }) => path),
  );
  for (const [name, range] of Object.entries(json.dependencies ?? {})) {
    const own = byName.get(name);
    if (own === undefined) continue;
    if (range !== `^${own.json.version}`)
      problems.push(`${folder}: the range of ${name} must be ^${own.json.version}.`);
    const reference = `../${basename(own.folder)}`;
    if (!references.delete(reference))
      problems.push(`${folder}/tsconfig.json: add a reference to ${reference}.`);
  }
  // A reference to a folder of the package itself is one to files that run elsewhere, such as in browsers.
  for (const path of [...references].filter((one) => one.startsWith("../")))
    problems.push(`${folder}/tsconfig.json: the reference to ${path} is no dependency.`);
}

/** What a package's own build takes into its files, so that it is not installed with it, must not be imported by them. */
function checkBundled(folder: string, bundled: ReadonlySet<string>): void {
  if (bundled.size === 0) return;
  for (const path of globSync(`${folder}/dist/**/*.js`, { cwd: root })) {
    const text = read(path);
    for (const name of bundled) {
      if (text.includes(`"${name}"`))
        problems.push(`${path} imports ${name}, which is to be bundled: run "npm run build".`);
    }
  }
}

function importedPackages(folder: string): Set<string> {
  const names = new Set<string>();
  const specifiers =
    /(?:^|[;\s])(?:import|export)\b[^;"'`]*?from\s*"([^"$]+)"|^import\s+"([^"]+)"|\bimport\("([^"]+)"\)/gm;
  for (const path of globSync(`${folder}/src/**/*.{ts,tsx}`, { cwd: root })) {
    // Examples in comments import what they like, and a message may show an import of a "${name}".
    const text = read(path).replace(/\/\*[\s\S]*?\*\//g, "");
    for (const [, from, bare, dynamic] of text.matchAll(specifiers)) {
      const specifier = from ?? bare ?? dynamic ?? "";
      if (specifier.startsWith(".") || specifier.startsWith("node:") || specifier.startsWith("#")) continue;
      names.add(specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/"));
    }
  }
  return names;
}

function read(path: string): string {
  const full = join(root, path);
  return existsSync(full) ? readFileSync(full, "utf8") : "";
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(join(root, path), "utf8")) as T;
}
