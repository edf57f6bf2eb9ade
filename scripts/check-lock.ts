// Prevents a lock file with which `npm ci` works on one machine only: npm writes just the optional packages that it
// installed, so that those of other platforms can be missing, and it can write the address of a private registry.
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

interface LockedPackage {
  readonly resolved?: string;
  readonly link?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const root = fileURLToPath(new URL("..", import.meta.url));
const problems: string[] = [];
const files = globSync(["package-lock.json", "bench/package-lock.json", "test/*/package-lock.json"], {
  cwd: root,
}).sort();
for (const file of files) checkLock(file);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log(`${files.length} lock files hold the packages of every platform.`);

function checkLock(file: string): void {
  const { packages } = JSON.parse(readFileSync(join(root, file), "utf8")) as {
    readonly packages: Readonly<Record<string, LockedPackage>>;
  };
  const missing = new Set<string>();
  for (const [path, locked] of Object.entries(packages)) {
    for (const name of Object.keys({ ...locked.dependencies, ...locked.optionalDependencies })) {
      if (!isLocked(packages, path, name)) missing.add(name);
    }
    if (locked.link !== true && /^https?:/.test(locked.resolved ?? "")) {
      problems.push(`${file}: ${path} names a registry; set omit-lockfile-registry-resolved=true for npm.`);
    }
  }
  if (missing.size > 0) {
    const folder = dirname(file);
    problems.push(
      `${file} lacks ${[...missing].join(", ")}: run "npm install --package-lock-only" in ${folder === "." ? "a clean clone" : `${folder} of a clean clone`}.`,
    );
  }
}

/** Looks where Node.js would: in the node_modules of the package itself, then of each folder around it. */
function isLocked(packages: Readonly<Record<string, LockedPackage>>, from: string, name: string): boolean {
  for (let path = from; ; path = path.slice(0, Math.max(0, path.lastIndexOf("/")))) {
    if (Object.hasOwn(packages, join(path, "node_modules", name))) return true;
    if (path === "") return false;
  }
}
