import { existsSync, globSync, statSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Problem } from "../../errors.js";
import type { ModuleFormat } from "../pack-index.js";
import { type CarriedPaths, readPackage } from "./carried-paths.js";
import { createServerResolver, type ServerResolver } from "./module-resolver.js";
import { isNativePackage } from "./native-package.js";
import { type ModuleReference, readModule, toFilePattern } from "./read-module.js";

/** All modules that a set of modules imports, directly or not. The key is the absolute path. */
export interface TracedModules {
  readonly formats: ReadonlyMap<string, ModuleFormat>;
  /** The targets of imports. The keys are the importer and the specifier. */
  readonly imports: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly requires: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** The files that the modules name besides modules. */
  readonly files: ReadonlySet<string>;
  /** The modules that cannot be carried. */
  readonly problems: readonly Problem[];
}

/** The modules to trace. */
export interface TraceOptions {
  readonly paths: CarriedPaths;
  /** Whether a dynamic import is not followed, because an executable never uses its target. */
  isCut(importer: string, target: string): boolean;
}

/** Follows imports and calls of `require`, beginning at the given modules. Nothing runs. */
export async function traceModules(entries: Iterable<string>, options: TraceOptions): Promise<TracedModules> {
  const resolver = createServerResolver();
  try {
    const trace = new Trace(options, resolver);
    for (const entry of entries) trace.add(entry);
    await trace.run();
    return trace;
  } finally {
    resolver.close();
  }
}

const isCode = (file: string) => /\.(?:[mc]?js|json|wasm)$/.test(file);

class Trace implements TracedModules {
  readonly #options: TraceOptions;
  readonly #resolver: ServerResolver;
  readonly formats: Map<string, ModuleFormat> = new Map();
  readonly imports: Map<string, Map<string, string>> = new Map();
  readonly requires: Map<string, Map<string, string>> = new Map();
  readonly files: Set<string> = new Set();
  readonly problems: Problem[] = [];
  readonly #found = new Set<string>();
  /** Folders of which every module is carried, because a module in them is loaded by a computed name. */
  readonly #whole = new Set<string>();
  readonly #natives = new Map<string, boolean>();

  constructor(options: TraceOptions, resolver: ServerResolver) {
    this.#options = options;
    this.#resolver = resolver;
  }

  add(file: string): void {
    this.#found.add(file);
  }

  async run(): Promise<void> {
    // The array grows while the loop reads it.
    for (const file of this.#found) {
      const { format, references, patterns, isOpen } = await readModule(file);
      this.formats.set(file, format);
      for (const reference of references) this.#follow(file, reference);
      for (const one of patterns) {
        const found = toFilePattern(file, one);
        if (found !== undefined) this.#addMatching(found.folder, found.pattern);
      }
      const folder = this.#options.paths.packageOf(file) ?? dirname(file);
      if (!isOpen || this.#isOwnPackage(folder) || this.#whole.has(folder)) continue;
      this.#whole.add(folder);
      this.#addMatching(folder, /^/);
    }
  }

  #follow(file: string, { specifier, by }: ModuleReference): void {
    if (by === "file") {
      this.#addFile(file, specifier);
      return;
    }
    const isRequire = by === "require";
    const target = isRequire
      ? this.#resolver.require(specifier, file)
      : this.#resolver.import(specifier, file);
    // A missing module was missing before as well. Its importer reports the error when it runs.
    if (target === undefined || (by !== "import" && this.#options.isCut(file, target))) return;
    if (this.#isNative(target)) {
      this.#refuseNative(file, specifier, target);
      return;
    }
    if (!isCode(target) && extname(target) !== "") {
      this.files.add(target);
      return;
    }
    const known = isRequire ? this.requires : this.imports;
    const resolved = known.get(file) ?? new Map<string, string>();
    known.set(file, resolved.set(specifier, target));
    this.add(target);
  }

  #addFile(file: string, specifier: string): void {
    const url = URL.parse(specifier, pathToFileURL(file).href);
    if (url?.protocol !== "file:") return;
    const path = fileURLToPath(url);
    if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return;
    if (isCode(path)) this.add(path);
    else this.files.add(path);
  }

  #addMatching(folder: string, pattern: RegExp): void {
    const exclude = (name: string) => basename(name) === "node_modules";
    for (const name of globSync("**/*.{js,mjs,cjs,json}", { cwd: folder, exclude }).sort()) {
      const path = join(folder, name);
      if (pattern.test(path.replaceAll("\\", "/")) && basename(path) !== "tsconfig.json") this.add(path);
    }
  }

  /** The packages of miqro contain the names of all modules that they load. */
  #isOwnPackage(folder: string): boolean {
    return (
      existsSync(join(folder, "package.json")) && /^(?:@miqro\/|miqro$)/.test(readPackage(folder).name ?? "")
    );
  }

  #isNative(target: string): boolean {
    const folder = this.#options.paths.packageOf(target);
    if (extname(target) === ".node") return true;
    if (folder === undefined) return false;
    let known = this.#natives.get(folder);
    if (known === undefined) {
      known = isNativePackage(folder);
      this.#natives.set(folder, known);
    }
    return known;
  }

  /** An optional package that is missing is left out: its importer catches the error and continues. */
  #refuseNative(file: string, specifier: string, target: string): void {
    const importer = this.#options.paths.packageOf(file);
    const { name = specifier } = readPackage(this.#options.paths.packageOf(target) ?? dirname(target));
    if (importer !== undefined && readPackage(importer).dependencies?.[name] === undefined) return;
    this.problems.push({
      file,
      message: `it imports "${specifier}", which is native code: the system can load it only from a separate file, and not from an executable. ${remedyFor(name)}`,
    });
  }
}

function remedyFor(name: string): string {
  return name === "sqlite3"
    ? 'Use the dialect "node:sqlite", which is built into Node.js.'
    : "Use a package that is JavaScript only, or serve with miqro in place of an executable.";
}
