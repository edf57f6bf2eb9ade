import { readFile } from "node:fs/promises";
import { dirname, extname } from "node:path";
import { type Import, init, parse } from "es-module-lexer";
import { toBrowserSource } from "./browser-source.js";
import { type ModuleFault, ModuleFaultError } from "./client-graph-error.js";
import type { ModuleLocator, ModuleOwner } from "./module-location.js";
import type { ModuleResolver } from "./module-resolver.js";
import type { PackageScopes } from "./package-scopes.js";
import { remember } from "./remember.js";

/** One import of a module: where its specifier stands and what it leads to. */
export interface ModuleImport {
  readonly specifier: string;
  /** The part of the source to replace: a dynamic import's includes the quotes. */
  readonly start: number;
  readonly end: number;
  readonly isDynamic: boolean;
  /** The file, or `undefined` for what the browser loads itself, and where there is a fault. */
  readonly target: string | undefined;
  readonly fault: ModuleFault | undefined;
}

/** A module as it was read: never changed, and shared by all entries that reach it. */
export interface LoadedModule {
  readonly file: string;
  /** A short name for messages. */
  readonly label: string;
  readonly source: string;
  readonly imports: readonly ModuleImport[];
  readonly warnings: readonly string[];
  /** Why the module cannot be served at all. */
  readonly fault: ModuleFault | undefined;
}

/** What the loader works with. */
export interface ModuleLoaderOptions {
  readonly locator: ModuleLocator;
  readonly resolver: ModuleResolver;
  readonly scopes: PackageScopes;
  readonly isPrivate: (file: string) => string | undefined;
  readonly environment: string;
}

// What the compiler writes, and people write, for `require`.
const commonJs = /\bmodule\.exports\b|\bexports\s*[.[]|\bdefineProperty\(\s*exports\b|\brequire\s*\(/;

/** Reads modules and what they import, each file once. Never rejects: what is wrong is part of the module. */
export class ModuleLoader {
  readonly #options: ModuleLoaderOptions;
  readonly #modules = new Map<string, Promise<LoadedModule>>();

  constructor(options: ModuleLoaderOptions) {
    this.#options = options;
  }

  /** @param file the absolute path with links resolved */
  load(file: string): Promise<LoadedModule> {
    return remember(this.#modules, file, () => this.#read(file));
  }

  async #read(file: string): Promise<LoadedModule> {
    const { locator, environment } = this.#options;
    let label = locator.toCallerPath(file);
    try {
      const owner = await this.#admit(file);
      label = locator.toLabel(file, owner);
      const [text] = await Promise.all([readModule(file), init()]);
      const source = lexed(label, () => toBrowserSource(text, environment));
      const [found, , , hasModuleSyntax] = lexed(label, () => parse(source));
      if (!hasModuleSyntax) await this.#refuseCommonJs(file, source, owner);
      const imports = await Promise.all(found.map((record) => this.#import(record, source, { file, owner })));
      const warnings = found.flatMap((record, index) => toWarning(record, imports[index], source, label));
      return {
        file,
        label,
        source,
        imports: imports.filter((one) => one !== undefined),
        warnings,
        fault: undefined,
      };
    } catch (error) {
      const fault = toFault(error, label);
      return { file, label, source: "", imports: [], warnings: [], fault };
    }
  }

  async #admit(file: string): Promise<ModuleOwner> {
    const { locator, isPrivate } = this.#options;
    const path = locator.toCallerPath(file);
    const owner = await locator.ownerOf(file);
    if (owner === undefined) {
      throw new ModuleFaultError(
        "ERR_CLIENT_OUTSIDE",
        `${path} is neither a file of the project nor of an installed package; only those can be served.`,
      );
    }
    const reason = isPrivate(path);
    if (reason !== undefined) {
      throw new ModuleFaultError("ERR_CLIENT_PRIVATE", `${path} must not be sent to browsers: ${reason}.`);
    }
    refuseExtension(path, owner);
    return owner;
  }

  async #refuseCommonJs(file: string, source: string, owner: ModuleOwner): Promise<void> {
    const scope = await this.#options.scopes.nearest(dirname(file));
    if (extname(file) === ".mjs" || scope?.json.type === "module" || !commonJs.test(source)) return;
    throw commonJsFault(this.#options.locator.toCallerPath(file), owner);
  }

  async #import(
    record: Import,
    source: string,
    from: { readonly file: string; readonly owner: ModuleOwner },
  ): Promise<ModuleImport | undefined> {
    if (record.type === "import-meta" || isComputed(record)) return undefined;
    const { start, end, specifier = "" } = record;
    const described = { specifier, start, end, isDynamic: record.type === "dynamic" };
    try {
      refuseAttributes(record, source);
      const target = await this.#options.resolver.resolve(specifier, from);
      // The next file is read while the other imports of this one are still looked for.
      if (target !== undefined) void this.load(target);
      return { ...described, target, fault: undefined };
    } catch (error) {
      return { ...described, target: undefined, fault: toFault(error, from.file) };
    }
  }
}

/** The line of a position in a text, counted from 1. */
export function lineAt(source: string, position: number): number {
  return source.slice(0, position).split("\n").length;
}

function isComputed(record: Import): boolean {
  return record.type === "dynamic" && (record.specifier === undefined || record.glob);
}

function toWarning(record: Import, found: ModuleImport | undefined, source: string, label: string): string[] {
  const where = `${label}:${lineAt(source, record.start)}`;
  if (isComputed(record)) {
    const expression = source.slice(record.start, record.end);
    return [
      `${where} imports ${expression}, which is known only when it runs; such modules are not served, so write the path as a string.`,
    ];
  }
  if (found === undefined || found.target !== undefined || found.fault !== undefined) return [];
  return [
    `${where} imports "${found.specifier}", which the browser loads from there and not from this server.`,
  ];
}

async function readModule(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new ModuleFaultError("ERR_CLIENT_READ", `${file} cannot be read as a file; import a module.`, {
      cause,
    });
  }
}

function lexed<Result>(label: string, lex: () => Result): Result {
  try {
    return lex();
  } catch (cause) {
    throw new ModuleFaultError(
      "ERR_CLIENT_SYNTAX",
      `${label} is not valid JavaScript; correct or recompile it.`,
      {
        cause,
      },
    );
  }
}

function refuseExtension(path: string, owner: ModuleOwner): void {
  const extension = extname(path);
  if (extension === ".js" || extension === ".mjs") return;
  if (extension === ".cjs") throw commonJsFault(path, owner);
  const remedies: Readonly<Record<string, string>> = {
    ".json": "export the value from a .js module, or fetch it",
    ".css": "link it from the page",
    ".ts": "import what it compiles to, with the extension .js",
    ".tsx": "import what it compiles to, with the extension .js",
    ".jsx": "import what it compiles to, with the extension .js",
  };
  const remedy = remedies[extension] ?? "import a module with the extension .js or .mjs";
  throw new ModuleFaultError(
    "ERR_CLIENT_UNSUPPORTED",
    `${path} is not a JavaScript module, and others cannot be imported by client code; ${remedy}.`,
  );
}

function commonJsFault(path: string, { packageName }: ModuleOwner): ModuleFaultError {
  const problem =
    packageName === undefined
      ? `${path} is a CommonJS module, which browsers cannot load; set "type": "module" in the package.json of the project and compile again.`
      : `The package "${packageName}" ships CommonJS only (${path}), which browsers cannot load; use a version or a package that ships ES modules.`;
  return new ModuleFaultError("ERR_CLIENT_COMMONJS", problem);
}

function refuseAttributes(record: Exclude<Import, { type: "import-meta" }>, source: string): void {
  const hasAttributes =
    record.type === "dynamic" ? record.attributesStart !== -1 : record.attributes !== null;
  if (!hasAttributes && record.phase === null) return;
  const statement = source.slice(record.importStart, record.importEnd);
  throw new ModuleFaultError(
    "ERR_CLIENT_UNSUPPORTED",
    `Import attributes and phases are not supported in client code, received: ${statement}; use a plain import of a JavaScript module.`,
  );
}

function toFault(error: unknown, label: string): ModuleFault {
  if (error instanceof ModuleFaultError) return error;
  return { code: "ERR_CLIENT_READ", message: `${label} cannot be loaded; see the cause.`, cause: error };
}
