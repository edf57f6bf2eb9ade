import { realpath } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { mappedFile, mappedName } from "./browser-map.js";
import { ModuleFaultError } from "./client-graph-error.js";
import { existingFile, fileWithExtension, isFolder } from "./find-file.js";
import { installFolderOf, isWithin, type ModuleOwner } from "./module-location.js";
import { PackageMapError, type PackageMapField, resolvePackageMap } from "./package-map.js";
import type { PackageScope, PackageScopes } from "./package-scopes.js";
import { remember } from "./remember.js";

const packageSpecifier = /^((?:@[^/@\\%:\s]+\/)?[^./@\\%:\s#][^/\\%:\s]*)(\/.*)?$/;

/** The module that contains an import. */
export interface ImportingModule {
  readonly file: string;
  readonly owner: ModuleOwner;
}

/** The kind of an import: a package may offer a different file to each kind. */
export type ImportKind = "import" | "require";

/** The meaning of a specifier in a browser. */
export type Resolution =
  | { readonly type: "file"; readonly file: string }
  /** A URL that the browser loads itself. */
  | { readonly type: "external" }
  /** A module that does not exist in browsers, because its package says so or because it is built into Node.js. */
  | { readonly type: "empty"; readonly name: string };

/** A specifier that is being resolved to a file. */
interface Request {
  readonly specifier: string;
  readonly from: ImportingModule;
  readonly kind: ImportKind;
}

/** Finds the target of a specifier in a browser. In packages it works as bundlers do. */
export class ModuleResolver {
  readonly #scopes: PackageScopes;
  readonly #found = new Map<string, Promise<string | undefined>>();
  readonly #packageFolders = new Map<string, Promise<string | undefined>>();
  readonly #conditions: Readonly<Record<ImportKind, ReadonlySet<string>>>;

  /** @param environment - a condition besides `browser`, `module` and `import` or `require`, as in bundlers */
  constructor(scopes: PackageScopes, environment: "production" | "development") {
    this.#scopes = scopes;
    this.#conditions = {
      import: new Set(["browser", "module", "import", environment]),
      require: new Set(["browser", "module", "require", environment]),
    };
  }

  /** @throws {ModuleFaultError} if there is no such file, or if it must not be served */
  async resolve(specifier: string, from: ImportingModule, kind: ImportKind = "import"): Promise<Resolution> {
    if (/^(https?|data):/i.test(specifier)) return { type: "external" };
    const request = { specifier, from, kind };
    const mapped = await this.#mapped(request);
    if (mapped !== undefined) return mapped;
    const found = await this.#unmapped(request);
    return found.type === "file" ? this.#replaced(found.file, request) : found;
  }

  /** Looks up the specifier itself in the `browser` map of the importing package. */
  async #mapped(request: Request): Promise<Resolution | undefined> {
    const { specifier, from } = request;
    const scope = await this.#scopes.mapped(dirname(from.file));
    if (scope === undefined) return undefined;
    const to = isRelative(specifier)
      ? mappedFile(scope, toPath(specifier, from.file))
      : mappedName(scope, specifier);
    return to === undefined || to === specifier ? undefined : this.#replacement(to, scope.folder, request);
  }

  /** Looks up a file in the `browser` map of the package that owns it. */
  async #replaced(file: string, request: Request): Promise<Resolution> {
    const scope = await this.#scopes.mapped(dirname(file));
    const to = scope && mappedFile(scope, file);
    if (scope === undefined || to === undefined) return { type: "file", file };
    return this.#replacement(to, scope.folder, request);
  }

  async #replacement(to: string | false, folder: string, request: Request): Promise<Resolution> {
    if (to === false) return { type: "empty", name: request.specifier };
    const name = packageSpecifier.exec(to)?.[1];
    const from = { ...request.from, file: join(folder, "package.json") };
    if (name !== undefined && (isBuiltin(to) || (await this.#packageFolder(name, folder)) !== undefined)) {
      return this.#bare({ ...request, specifier: to, from });
    }
    const path = join(folder, to);
    const real = (await this.#lenient(path, folder, request)) ?? (await existingFile(path, `"${to}"`));
    return { type: "file", file: within(folder, real, to) };
  }

  async #unmapped(request: Request): Promise<Resolution> {
    const { specifier } = request;
    if (isRelative(specifier)) return { type: "file", file: await this.#relative(request) };
    if (specifier.startsWith("#")) return this.#own(request);
    if (specifier.startsWith("node:")) return builtin(request);
    if (!packageSpecifier.test(specifier)) {
      const alias = await (await import("./missing-package.js")).aliasFault(specifier, request.from);
      throw (
        alias ??
        new ModuleFaultError(
          "MIQRO_CLIENT_SPECIFIER",
          `The import "${specifier}" is neither a relative path nor the name of a package; write a path that begins with "./" or "../".`,
        )
      );
    }
    return this.#bare(request);
  }

  async #relative(request: Request): Promise<string> {
    const { specifier, from } = request;
    const file = toPath(specifier, from.file);
    const isPackage = from.owner.packageName !== undefined;
    const found = isPackage ? await this.#lenient(file, from.owner.root, request) : undefined;
    const real = found ?? (await existingFile(file, `the import "${specifier}"`));
    refuseForeign(specifier, real, from);
    return real;
  }

  async #own(request: Request): Promise<Resolution> {
    const { specifier, from, kind } = request;
    const scope = await this.#scopes.nearest(dirname(from.file));
    const target = scope && mapped(scope, "imports", specifier, this.#conditions[kind]);
    if (scope === undefined || target === undefined) {
      const where = scope === undefined ? "a package.json" : join(scope.folder, "package.json");
      throw new ModuleFaultError(
        "MIQRO_CLIENT_NOT_EXPORTED",
        `The import "${specifier}" is not among the "imports" of ${where} for browsers; add it there, or correct it.`,
      );
    }
    if (target.startsWith("./")) {
      return { type: "file", file: await packageFile(scope.folder, target, specifier) };
    }
    const file = join(scope.folder, "package.json");
    return this.#bare({ ...request, specifier: target, from: { ...from, file } });
  }

  async #bare(request: Request): Promise<Resolution> {
    const { specifier, from } = request;
    const [, name = "", rest = ""] = packageSpecifier.exec(specifier) ?? [];
    const subpath = `.${rest}`;
    const folder = dirname(from.file);
    const own = await this.#scopes.nearest(folder);
    if (own !== undefined && own.json.name === name && own.json.exports != null) {
      return { type: "file", file: await this.#exported(own, subpath, request) };
    }
    const installed = await this.#packageFolder(name, folder);
    if (installed === undefined) {
      if (isBuiltin(specifier)) return builtin(request);
      throw await (await import("./missing-package.js")).missingPackage(name, specifier, from);
    }
    // A folder without a package.json is a package of plain files.
    const scope = (await this.#scopes.at(installed)) ?? { folder: installed, json: {} };
    if (scope.json.exports != null)
      return { type: "file", file: await this.#exported(scope, subpath, request) };
    // A slash at the end distinguishes the package `buffer/` from the built-in module `buffer`.
    if (rest === "" || rest === "/") return this.#entry(scope, request);
    const path = toPath(subpath, join(installed, "package.json"));
    const mappedPath = await this.#mappedWithin(path, request);
    if (mappedPath !== undefined) return mappedPath;
    const found = await this.#lenient(path, installed, request);
    if (found !== undefined) return { type: "file", file: within(installed, found, specifier) };
    return { type: "file", file: await packageFile(installed, subpath, specifier) };
  }

  async #exported(scope: PackageScope, subpath: string, { specifier, kind }: Request): Promise<string> {
    const target = mapped(scope, "exports", subpath, this.#conditions[kind]);
    if (target === undefined) {
      throw new ModuleFaultError(
        "MIQRO_CLIENT_NOT_EXPORTED",
        `The "exports" of ${join(scope.folder, "package.json")} offer no "${subpath}" for the conditions browser and ${kind}; import something that the package exports.`,
      );
    }
    return packageFile(scope.folder, target, specifier);
  }

  /** The main module of a package without `exports`. */
  async #entry(scope: PackageScope, request: Request): Promise<Resolution> {
    for (const entry of entriesOf(scope, request.kind)) {
      const path = join(scope.folder, entry);
      const replacement = await this.#mappedWithin(path, request);
      if (replacement !== undefined) return replacement;
      const found = await this.#lenient(path, scope.folder, request);
      if (found !== undefined) return { type: "file", file: within(scope.folder, found, request.specifier) };
    }
    throw new ModuleFaultError(
      "MIQRO_CLIENT_NOT_FOUND",
      `The package "${request.specifier}" in ${scope.folder} has no entry: neither "exports", "module" nor "main" of its package.json names a file.`,
    );
  }

  /** Looks up a path in the `browser` map. The file need not exist. */
  async #mappedWithin(path: string, request: Request): Promise<Resolution | undefined> {
    const scope = await this.#scopes.mapped(dirname(path));
    const to = scope && mappedFile(scope, path);
    return scope === undefined || to === undefined ? undefined : this.#replacement(to, scope.folder, request);
  }

  /**
   * The file that bundlers choose for a path within a package: the path with an extension, or the entry of a folder.
   * @param root the folder of the package; the result is always inside of it
   */
  #lenient(path: string, root: string, { kind }: Request): Promise<string | undefined> {
    return remember(this.#found, `${kind}\0${root}\0${path}`, () => this.#find(path, root, kind));
  }

  async #find(path: string, root: string, kind: ImportKind): Promise<string | undefined> {
    const file = path.endsWith("/") ? undefined : await fileWithExtension(path);
    if (file !== undefined) return file;
    if (!(await isFolder(path))) return undefined;
    const scope = path === root ? undefined : await this.#scopes.at(path);
    for (const entry of scope === undefined ? ["index"] : entriesOf(scope, kind)) {
      const target = join(path, entry);
      const found = (await fileWithExtension(target)) ?? (await fileWithExtension(join(target, "index")));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The folder of the package that the modules of a folder get, with resolved links. */
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

/**
 * The fields that may contain the entry, in the order of preference. As in esbuild, `require` of a package takes
 * `main`, because older code expects the module format of its time.
 */
function entriesOf({ json }: PackageScope, kind: ImportKind): string[] {
  const browser = typeof json.browser === "string" ? json.browser : undefined;
  const fields = kind === "import" ? [browser, json.module, json.main] : [browser, json.main, json.module];
  return [...fields.filter((entry) => entry !== undefined), "index"];
}

function isRelative(specifier: string): boolean {
  return /^\.\.?(\/|$)/.test(specifier);
}

/**
 * Packages use built-in modules of Node.js behind a check, so a package gets an empty module. For an import of the
 * project itself, the console shows a message.
 */
function builtin({ specifier, from }: Request): Resolution {
  if (from.owner.packageName !== undefined) return { type: "empty", name: specifier };
  throw new ModuleFaultError(
    "MIQRO_CLIENT_BUILTIN",
    `"${specifier}" is a module of Node.js and does not exist in browsers; move the code that needs it to a module that no client script imports.`,
  );
}

/** @throws {ModuleFaultError} if a relative path leaves the folder of the module's owner */
export function refuseForeign(specifier: string, real: string, from: ImportingModule): void {
  if (installFolderOf(real) !== installFolderOf(from.file)) {
    throw new ModuleFaultError(
      "MIQRO_CLIENT_OUTSIDE",
      `The import "${specifier}" leads into or out of node_modules; import a package by its name.`,
    );
  }
  const { root, sources } = from.owner;
  if (isWithin(root, real) || (sources !== undefined && isWithin(sources, real))) return;
  const { packageName } = from.owner;
  const whole = packageName === undefined ? "the project" : `the package "${packageName}"`;
  throw new ModuleFaultError(
    "MIQRO_CLIENT_OUTSIDE",
    `The import "${specifier}" leads to a file outside of ${whole}; move the file into ${whole}, or make it a package and import that by its name.`,
  );
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
    throw new ModuleFaultError("MIQRO_CLIENT_PACKAGE", `${file} cannot be used: ${error.message}.`, {
      cause: error,
    });
  }
}

async function packageFile(folder: string, path: string, specifier: string): Promise<string> {
  const file = toPath(path, join(folder, "package.json"));
  return within(folder, await existingFile(file, `"${specifier}"`), specifier);
}

function within(folder: string, real: string, specifier: string): string {
  if (isWithin(folder, real)) return real;
  throw new ModuleFaultError(
    "MIQRO_CLIENT_OUTSIDE",
    `The import "${specifier}" leads to a file outside of its package in ${folder}; only files within the package can be served.`,
  );
}

/** A path in the form of an import specifier, which is part of a URL. */
function toPath(path: string, from: string): string {
  const url = new URL(path, pathToFileURL(from));
  if (url.search !== "" || url.hash !== "") {
    throw new ModuleFaultError(
      "MIQRO_CLIENT_SPECIFIER",
      `The import "${path}" has a query or a fragment, which has no meaning here; leave it out.`,
    );
  }
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw new ModuleFaultError(
      "MIQRO_CLIENT_SPECIFIER",
      `The import "${path}" is not a path; write it without encoded slashes.`,
      { cause },
    );
  }
}
