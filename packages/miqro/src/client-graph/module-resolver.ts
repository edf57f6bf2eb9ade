import { readdir, realpath, stat } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ModuleFaultError } from "./client-graph-error.js";
import { installFolderOf, isWithin, type ModuleOwner } from "./module-location.js";
import { PackageMapError, type PackageMapField, resolvePackageMap } from "./package-map.js";
import type { PackageScope, PackageScopes } from "./package-scopes.js";
import { remember } from "./remember.js";

const packageSpecifier = /^((?:@[^/@\\%:\s]+\/)?[^./@\\%:\s#][^/\\%:\s]*)(\/.*)?$/;

/** The module that holds an import. */
export interface ImportingModule {
  readonly file: string;
  readonly owner: ModuleOwner;
}

/** Finds the file that a specifier stands for in a browser. */
export class ModuleResolver {
  readonly #scopes: PackageScopes;
  readonly #packageFolders = new Map<string, Promise<string | undefined>>();
  readonly #conditions: ReadonlySet<string>;

  /** @param environment - a condition beside `browser` and `import`, as bundlers have it */
  constructor(scopes: PackageScopes, environment: "production" | "development") {
    this.#scopes = scopes;
    this.#conditions = new Set(["browser", "import", environment]);
  }

  /**
   * @returns the absolute path with links resolved, or `undefined` for a URL that the browser loads itself
   * @throws {ModuleFaultError} when there is no such file, or it must not be served
   */
  async resolve(specifier: string, from: ImportingModule): Promise<string | undefined> {
    if (/^(https?|data):/i.test(specifier)) return undefined;
    if (/^\.\.?(\/|$)/.test(specifier)) return this.#relative(specifier, from);
    if (specifier.startsWith("#")) return this.#own(specifier, from);
    if (specifier.startsWith("node:")) throw builtinFault(specifier);
    if (!packageSpecifier.test(specifier)) {
      throw new ModuleFaultError(
        "ERR_CLIENT_SPECIFIER",
        `The import "${specifier}" is neither a relative path nor the name of a package; write a path that begins with "./" or "../".`,
      );
    }
    return this.#bare(specifier, dirname(from.file));
  }

  async #relative(specifier: string, from: ImportingModule): Promise<string> {
    const file = toPath(specifier, from.file);
    const real = await existingFile(file, `the import "${specifier}"`);
    if (installFolderOf(real) !== installFolderOf(from.file)) {
      throw new ModuleFaultError(
        "ERR_CLIENT_OUTSIDE",
        `The import "${specifier}" leads into or out of node_modules; import a package by its name.`,
      );
    }
    if (!isWithin(from.owner.root, real)) {
      const whole =
        from.owner.packageName === undefined ? "the project" : `the package "${from.owner.packageName}"`;
      throw new ModuleFaultError(
        "ERR_CLIENT_OUTSIDE",
        `The import "${specifier}" leads out of ${whole}; move the file into ${whole}, or make it a package and import that by its name.`,
      );
    }
    return real;
  }

  async #own(specifier: string, from: ImportingModule): Promise<string> {
    const scope = await this.#scopes.nearest(dirname(from.file));
    const target = scope && mapped(scope, "imports", specifier, this.#conditions);
    if (scope === undefined || target === undefined) {
      const where = scope === undefined ? "a package.json" : join(scope.folder, "package.json");
      throw new ModuleFaultError(
        "ERR_CLIENT_NOT_EXPORTED",
        `The import "${specifier}" is not among the "imports" of ${where} for browsers; add it there, or correct it.`,
      );
    }
    if (!target.startsWith("./")) return this.#bare(target, scope.folder);
    return packageFile(scope.folder, target, specifier);
  }

  async #bare(specifier: string, folder: string): Promise<string> {
    const [, name = "", rest = ""] = packageSpecifier.exec(specifier) ?? [];
    const subpath = `.${rest}`;
    const own = await this.#scopes.nearest(folder);
    if (own !== undefined && own.json.name === name && own.json.exports != null) {
      return this.#exported(own, subpath, specifier);
    }
    const installed = await this.#packageFolder(name, folder);
    if (installed === undefined) {
      if (isBuiltin(specifier)) throw builtinFault(specifier);
      throw new ModuleFaultError(
        "ERR_CLIENT_NOT_FOUND",
        `The package "${name}" is not installed; run "npm install ${name}", or correct the import "${specifier}".`,
      );
    }
    // A folder without package.json is a package of plain files.
    const scope = (await this.#scopes.at(installed)) ?? { folder: installed, json: {} };
    if (scope.json.exports != null) return this.#exported(scope, subpath, specifier);
    return subpath === "." ? this.#main(scope, specifier) : packageFile(installed, subpath, specifier);
  }

  async #exported(scope: PackageScope, subpath: string, specifier: string): Promise<string> {
    const target = mapped(scope, "exports", subpath, this.#conditions);
    if (target === undefined) {
      throw new ModuleFaultError(
        "ERR_CLIENT_NOT_EXPORTED",
        `The "exports" of ${join(scope.folder, "package.json")} offer no "${subpath}" for the conditions browser and import; import something that the package exports.`,
      );
    }
    return packageFile(scope.folder, target, specifier);
  }

  async #main({ folder, json }: PackageScope, specifier: string): Promise<string> {
    for (const entry of [json.module, json.main, "index.js"]) {
      if (entry === undefined) continue;
      for (const suffix of ["", ".js", "/index.js"]) {
        const path = `./${entry}${suffix}`;
        if (await isFile(join(folder, path))) return packageFile(folder, path, specifier);
      }
    }
    throw new ModuleFaultError(
      "ERR_CLIENT_NOT_FOUND",
      `The package "${specifier}" in ${folder} has no entry: neither "exports", "module" nor "main" of its package.json names a file.`,
    );
  }

  /** Where a package is installed for the modules of a folder, with links resolved. */
  #packageFolder(name: string, folder: string): Promise<string | undefined> {
    return remember(this.#packageFolders, `${name}\0${folder}`, () => this.#searchPackage(name, folder));
  }

  async #searchPackage(name: string, folder: string): Promise<string | undefined> {
    const candidate = join(folder, "node_modules", name);
    if (basename(folder) !== "node_modules" && (await isFolder(candidate))) return realpath(candidate);
    const parent = dirname(folder);
    return parent === folder ? undefined : this.#packageFolder(name, parent);
  }
}

function mapped(
  scope: PackageScope,
  field: PackageMapField,
  key: string,
  conditions: ReadonlySet<string>,
): string | undefined {
  try {
    return resolvePackageMap(field, scope.json[field], key, conditions);
  } catch (error) {
    if (!(error instanceof PackageMapError)) throw error;
    const file = join(scope.folder, "package.json");
    throw new ModuleFaultError("ERR_CLIENT_PACKAGE", `${file} cannot be used: ${error.message}.`, {
      cause: error,
    });
  }
}

async function packageFile(folder: string, path: string, specifier: string): Promise<string> {
  const file = toPath(path, join(folder, "package.json"));
  const real = await existingFile(file, `"${specifier}"`);
  if (!isWithin(folder, real)) {
    throw new ModuleFaultError(
      "ERR_CLIENT_OUTSIDE",
      `The import "${specifier}" leads out of its package in ${folder}; only files within the package can be served.`,
    );
  }
  return real;
}

/** A path as imports are written, that is as part of a URL. */
function toPath(path: string, from: string): string {
  const url = new URL(path, pathToFileURL(from));
  if (url.search !== "" || url.hash !== "") {
    throw new ModuleFaultError(
      "ERR_CLIENT_SPECIFIER",
      `The import "${path}" has a query or a fragment, which has no meaning here; leave it out.`,
    );
  }
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw new ModuleFaultError(
      "ERR_CLIENT_SPECIFIER",
      `The import "${path}" is not a path; write it without encoded slashes.`,
      { cause },
    );
  }
}

async function existingFile(file: string, what: string): Promise<string> {
  let real: string | undefined;
  try {
    real = await realpath(file);
  } catch {
    // Named below, with what was probably meant.
  }
  // Only a name without extension can be a folder in practice, so the others need no further call.
  if (real !== undefined && (extname(real) !== "" || (await isFile(real)))) return real;
  throw new ModuleFaultError(
    "ERR_CLIENT_NOT_FOUND",
    `There is no file ${file} for ${what}; ${await remedyFor(file)}.`,
  );
}

async function remedyFor(file: string): Promise<string> {
  const name = basename(file);
  const neighbours = await readdir(dirname(file)).catch((): string[] => []);
  for (const extension of [".js", ".mjs"]) {
    if (neighbours.includes(name + extension)) {
      return `browsers need the extension: write "${name}${extension}"`;
    }
  }
  if (await isFile(join(file, "index.js"))) return `browsers need the file: write "${name}/index.js"`;
  const source = neighbours.find(
    (other) => /\.[jt]sx?$/.test(other) && withoutExtension(other) === withoutExtension(name),
  );
  if (source !== undefined) return `"${source}" beside it is not compiled to it`;
  return "correct the path, or run the compiler if the file is one that it writes";
}

function withoutExtension(name: string): string {
  return name.slice(0, name.length - extname(name).length);
}

function builtinFault(specifier: string): ModuleFaultError {
  return new ModuleFaultError(
    "ERR_CLIENT_BUILTIN",
    `"${specifier}" is a part of Node.js and does not exist in browsers; move what needs it to a module that no client script imports.`,
  );
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
