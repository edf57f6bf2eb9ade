import { readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { findUpwards } from "../build/find-upwards.js";
import { ModuleFaultError } from "./client-graph-error.js";
import { isFile } from "./find-file.js";
import type { ImportingModule } from "./module-resolver.js";

/** Explains an import whose package is not installed, if a reason can be found. */
export async function missingPackage(
  name: string,
  specifier: string,
  from: ImportingModule,
): Promise<ModuleFaultError> {
  return (
    (await aliasFault(specifier, from)) ??
    new ModuleFaultError(
      "MIQRO_CLIENT_NOT_FOUND",
      `The package "${name}" is not installed; ${await remedyFor(name, specifier, from)}.`,
    )
  );
}

/**
 * Explains an import that `paths` or `baseUrl` of tsconfig.json allow: tsc checks such imports, but does not rewrite
 * them.
 */
export async function aliasFault(
  specifier: string,
  { file, owner }: ImportingModule,
): Promise<ModuleFaultError | undefined> {
  const config = owner.packageName === undefined ? findUpwards(dirname(file), "tsconfig.json") : undefined;
  if (config === undefined) return undefined;
  const { createPathsMatcher, parseTsconfig } = await import("get-tsconfig");
  let candidates: readonly string[];
  try {
    candidates = createPathsMatcher({ path: config, config: parseTsconfig(config) })?.(specifier) ?? [];
  } catch {
    // A broken tsconfig.json is reported by the search for outputs.
    return undefined;
  }
  for (const candidate of candidates) {
    if (!(await hasSource(candidate))) continue;
    return new ModuleFaultError(
      "MIQRO_CLIENT_SPECIFIER",
      `The import "${specifier}" means ${relative(dirname(config), candidate)} by the "paths" or the "baseUrl" of ${config}. tsc does not change such an import, and browsers cannot resolve it; write a relative path, or a name with "#" that "imports" of package.json maps to the compiled file.`,
    );
  }
  return undefined;
}

async function hasSource(path: string): Promise<boolean> {
  const stem = path.replace(/\.[mc]?js$/, "");
  for (const end of ["", ".ts", ".tsx", ".mts", ".js", ".jsx", "/index.ts", "/index.tsx", "/index.js"]) {
    if (await isFile(stem + end)) return true;
  }
  return isFile(path);
}

async function remedyFor(name: string, specifier: string, { file, owner }: ImportingModule): Promise<string> {
  if (owner.packageName !== undefined) {
    const own = join(owner.root, "package.json");
    if (await isListed(own, name, ["peerDependencies", "optionalDependencies"])) {
      return `it is a peer dependency of "${owner.packageName}": run "npm install ${name}"`;
    }
    return (await isListed(own, name, ["dependencies"]))
      ? `"${owner.packageName}" depends on it, so run "npm install"`
      : `"${owner.packageName}" imports it but does not list it as a dependency: run "npm install ${name}", or use another version`;
  }
  const config = findUpwards(dirname(file), "package.json");
  if (config !== undefined) {
    if (await isListed(config, name, dependencyFields)) {
      const plugAndPlay = findUpwards(dirname(config), ".pnp.cjs");
      return plugAndPlay === undefined
        ? `${config} lists it, so run "npm install"`
        : `client code is served from node_modules, which yarn does not write beside ${plugAndPlay}: write "nodeLinker: node-modules" into .yarnrc.yml and run "yarn install"`;
    }
    if (await hasSource(join(dirname(config), specifier))) {
      return `write a relative path if the import "${specifier}" means the file in ${dirname(config)}`;
    }
  }
  return isPackageName(name)
    ? `run "npm install ${name}" if it is a package of npm, or correct the import "${specifier}"`
    : `correct the import "${specifier}", which cannot be the name of one`;
}

const dependencyFields = ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"];

async function isListed(config: string, name: string, fields: readonly string[]): Promise<boolean> {
  try {
    const json = JSON.parse(await readFile(config, "utf8"));
    return fields.some((field) => typeof json[field]?.[name] === "string");
  } catch {
    return false;
  }
}

function isPackageName(name: string): boolean {
  return /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9-][a-z0-9._~-]*$/i.test(name);
}
