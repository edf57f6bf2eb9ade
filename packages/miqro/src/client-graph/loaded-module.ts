import { applyEdits, type Edit } from "./browser-source.js";
import { type ModuleFault, ModuleFaultError } from "./client-graph-error.js";
import type { ModuleForm } from "./module-key.js";
import type { SourceMapReference } from "./source-map.js";
import type { SourceFile } from "./source-reader.js";

/** A reference from one module to another: its position and its target. */
export interface ModuleImport {
  readonly specifier: string;
  /** The part of the source that the URL replaces. */
  readonly start: number;
  readonly end: number;
  /** The code around the URL. */
  readonly before: string;
  readonly after: string;
  /** `static` imports are loaded together with the module. Other references are loaded when code runs. */
  readonly edge: "static" | "dynamic" | "asset";
  /** The key of the module; `undefined` if the browser loads the target itself, or if the reference has an error. */
  readonly target: string | undefined;
  readonly fault: ModuleFault | undefined;
  /** Whether the module works without the import. An error then appears only when the browser evaluates the import. */
  readonly isOptional: boolean;
  /** The text of the source at this position, for the line number in messages. */
  readonly position: number;
}

/** A module that was read. It never changes, and all entries that import it share it. */
export interface LoadedModule {
  readonly key: string;
  readonly form: ModuleForm;
  /** The file of the module, or the file that imports it. */
  readonly file: string;
  /** A short name for messages. */
  readonly label: string;
  readonly source: string | Buffer;
  /** The changes to the source, besides URLs. */
  readonly edits: readonly Edit[];
  readonly imports: readonly ModuleImport[];
  readonly warnings: readonly string[];
  /** The reason why the module cannot be served. */
  readonly fault: ModuleFault | undefined;
  /** The script of the module, if it may have a source map. */
  readonly script?: SourceFile;
  /** The source map of the script, in development. */
  readonly map?: SourceMapReference | undefined;
}

/** All edits of a module, with the URLs of its imports. */
export function editsOf(module: LoadedModule, urlOf: (target: string) => string): readonly Edit[] {
  const imports = module.imports.flatMap(({ start, end, before, after, target }) =>
    target === undefined ? [] : [{ start, end, text: before + urlOf(target) + after }],
  );
  return [...imports, ...module.edits];
}

/** The text of the module with the URLs of its imports. For a file that is served unchanged: its bytes. */
export function render(module: LoadedModule, urlOf: (target: string) => string): string | Buffer {
  const { source } = module;
  return typeof source === "string" ? applyEdits(source, editsOf(module, urlOf)) : source;
}

/** The line of a position in a module, counted from 1. */
export function lineAt(source: string | Buffer, position: number): number {
  return typeof source === "string" ? source.slice(0, position).split("\n").length : 1;
}

/** The result of one import of a module. */
export interface FoundImport {
  readonly imported: ModuleImport | undefined;
  readonly edits: readonly Edit[];
  readonly warnings: readonly string[];
}

export const nothing: FoundImport = { imported: undefined, edits: [], warnings: [] };

/** An import that is added before the source of a module. */
export function generatedImport(target: string, before: string, after: string): ModuleImport {
  return {
    ...{ specifier: "", start: 0, end: 0, position: 0, before, after, target },
    ...{ edge: "static", fault: undefined, isOptional: false },
  };
}

export function toFault(error: unknown, label: string): ModuleFault {
  if (error instanceof ModuleFaultError) return error;
  return { code: "MIQRO_CLIENT_READ", message: `${label} cannot be loaded; see the cause.`, cause: error };
}
