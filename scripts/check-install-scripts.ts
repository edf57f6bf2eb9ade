// Prevents code of strangers from running when somebody installs a package: no package that an install of miqro brings by
// default may have install scripts.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

interface LockedPackage {
  readonly link?: boolean;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const path = fileURLToPath(new URL("../package-lock.json", import.meta.url));
const { packages } = JSON.parse(readFileSync(path, "utf8")) as {
  readonly packages: Readonly<Record<string, LockedPackage>>;
};

const reached = new Set(Object.keys(packages).filter((name) => /^packages\/[^/]+$/.test(name)));
for (const one of reached) {
  const { dependencies, optionalDependencies } = packages[one] ?? {};
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
    const found = find(one, name);
    if (found !== undefined) reached.add(found);
  }
}
const refused = [...reached].filter((one) => packages[one]?.hasInstallScript === true);
for (const one of refused)
  console.error(`${one} runs a script when it is installed; an install of miqro brings it.`);
if (refused.length > 0) process.exit(1);
console.log(`None of ${reached.size} packages that an install of miqro brings runs a script.`);

/** Where a package finds another, as npm has placed it. */
function find(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/")))) {
    const candidate = `${folder === "" ? "" : `${folder}/`}node_modules/${name}`;
    const locked = packages[candidate];
    if (locked !== undefined) return locked.link === true ? (locked.resolved ?? candidate) : candidate;
    if (folder === "") return undefined;
  }
}
