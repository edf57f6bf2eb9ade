import { readFile } from "node:fs/promises";
import { dirname, extname } from "node:path";
import { type Export, type Import, init, parse } from "es-module-lexer";
import { applyEdits, browserEdits, type Edit } from "./browser-source.js";
import { ModuleFaultError } from "./client-graph-error.js";
import type { ModuleLocator, ModuleOwner } from "./module-location.js";
import type { PackageScopes } from "./package-scopes.js";
import { remember } from "./remember.js";

/** A JavaScript file that was read, with the results of a lexer. */
export interface SourceFile {
  readonly file: string;
  /** A short name for messages. */
  readonly label: string;
  readonly owner: ModuleOwner;
  readonly format: "module" | "commonjs";
  /** Whether it contains syntax of ES modules. A file without such syntax may also be loaded as an ES module. */
  readonly hasModuleSyntax: boolean;
  /** The text of the file, without a byte order mark. */
  readonly original: string;
  /** The edit function that makes `text`. */
  readonly edits: readonly Edit[];
  /** The text with `process.env.NODE_ENV` replaced and without source map comments. */
  readonly text: string;
  /** The imports in `text`; those of CommonJS are dynamic. */
  readonly imports: readonly Import[];
  readonly exports: readonly Export[];
  /** Whether default imports of CommonJS mean `module.exports`, as in Node.js, or use `__esModule`, as in bundlers. */
  readonly interop: "node" | "bundler";
}

/** The dependencies of the reader. */
export interface SourceReaderOptions {
  readonly locator: ModuleLocator;
  readonly scopes: PackageScopes;
  readonly isPrivate: (file: string) => string | undefined;
  readonly environment: string;
}

// The forms of `require` that compilers and authors write.
const commonJs = /\bmodule\.exports\b|\bexports\s*[.[]|\bdefineProperty\(\s*exports\b|\brequire\s*\(/;

/** Reads JavaScript files, each once, if they may be sent to browsers. */
export class SourceReader {
  readonly #options: SourceReaderOptions;
  readonly #files = new Map<string, Promise<SourceFile>>();
  readonly #owners = new Map<string, Promise<ModuleOwner>>();

  constructor(options: SourceReaderOptions) {
    this.#options = options;
  }

  /**
   * @param file the absolute path with links resolved
   * @throws {ModuleFaultError} if it is not a script, or must not be served
   */
  read(file: string): Promise<SourceFile> {
    return remember(this.#files, file, () => this.#read(file));
  }

  /**
   * Finds the owner of the file.
   * @throws {ModuleFaultError} if it must not be served
   */
  admit(file: string): Promise<ModuleOwner> {
    return remember(this.#owners, file, () => this.#admit(file));
  }

  async #admit(file: string): Promise<ModuleOwner> {
    const { locator, isPrivate } = this.#options;
    const path = locator.toCallerPath(file);
    const owner = await locator.ownerOf(file);
    if (owner === undefined) {
      throw new ModuleFaultError(
        "MIQRO_CLIENT_OUTSIDE",
        `${path} is neither a file of the project nor of an installed package; only those can be served.`,
      );
    }
    const reason = isPrivate(file);
    if (reason !== undefined) {
      throw new ModuleFaultError("MIQRO_CLIENT_PRIVATE", `${path} must not be sent to browsers: ${reason}.`);
    }
    return owner;
  }

  async #read(file: string): Promise<SourceFile> {
    const { locator, environment, scopes } = this.#options;
    const owner = await this.admit(file);
    const path = locator.toCallerPath(file);
    const label = locator.toLabel(file, owner);
    refuseExtension(path, owner);
    const [bytes, scope] = await Promise.all([readText(file), scopes.nearest(dirname(file)), init()]);
    const original = bytes.startsWith("\uFEFF") ? bytes.slice(1) : bytes;
    const edits = lexed(label, () => browserEdits(original, environment));
    const text = applyEdits(original, edits);
    const [imports, exports, , hasModuleSyntax] = lexed(label, () => parse(text));
    const extension = extname(file);
    const isTyped = extension === ".mjs" || (extension !== ".cjs" && scope?.json.type === "module");
    let format: SourceFile["format"] = hasModuleSyntax || isTyped ? "module" : "commonjs";
    if (format === "commonjs" && owner.packageName === undefined) {
      if (extension === ".cjs" || commonJs.test(text)) throw commonJsFault(path, extension);
      format = "module";
    }
    const interop = isTyped ? "node" : "bundler";
    return { file, label, owner, format, hasModuleSyntax, original, edits, text, imports, exports, interop };
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new ModuleFaultError("MIQRO_CLIENT_READ", `${file} cannot be read as a file; import a module.`, {
      cause,
    });
  }
}

function lexed<Result>(label: string, lex: () => Result): Result {
  try {
    return lex();
  } catch (cause) {
    throw new ModuleFaultError(
      "MIQRO_CLIENT_SYNTAX",
      `${label} is not valid JavaScript; correct or recompile it.`,
      { cause },
    );
  }
}

function refuseExtension(path: string, owner: ModuleOwner): void {
  const extension = extname(path);
  if ([".js", ".mjs", ".cjs"].includes(extension)) return;
  // The entry of a package is a script, even if its name has another extension.
  if (
    owner.packageName !== undefined &&
    !/^\.(?:[mc]?tsx?|jsx|node|wasm|css|html|vue|svelte)$/.test(extension)
  )
    return;
  const remedies: Readonly<Record<string, string>> = {
    ".css": "link it from the page",
    ".ts": "import what it compiles to, with the extension .js",
    ".tsx": "import what it compiles to, with the extension .js",
    ".jsx": "import what it compiles to, with the extension .js",
    ".wasm": 'fetch it from new URL("./file.wasm", import.meta.url)',
  };
  const remedy = remedies[extension] ?? "import a module with the extension .js or .mjs";
  throw new ModuleFaultError(
    "MIQRO_CLIENT_UNSUPPORTED",
    `${path} is not a JavaScript module, and others cannot be imported by client code; ${remedy}.`,
  );
}

function commonJsFault(path: string, extension: string): ModuleFaultError {
  const remedy =
    extension === ".cjs"
      ? "only packages may ship those to browsers: write it as an ES module with the extension .mjs or .js"
      : 'set "type": "module" in the package.json of the project and compile again';
  return new ModuleFaultError(
    "MIQRO_CLIENT_COMMONJS",
    `${path} is a CommonJS module, which browsers cannot load; ${remedy}.`,
  );
}
