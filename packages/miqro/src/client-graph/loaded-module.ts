import { applyEdits, type Edit } from "./browser-source.js";
import { type ModuleFault, ModuleFaultError } from "./client-graph-error.js";
import type { ModuleForm } from "./module-key.js";
import type { SourceMapReference } from "./source-map.js";
import type { SourceFile } from "./source-reader.js";

/** One reference of a module to another: its position and its target. */
export interface ModuleImport {
  readonly specifier: string;
  /** The part of the source to replace by the URL. */
  readonly start: number;
  readonly end: number;
  /** The code around the URL. */
  readonly before: string;
  readonly after: string;
  /** Static imports are loaded with the module, what else is reached when it runs. */
  readonly edge: "static" | "dynamic" | "asset";
  /** The key of the module, or `undefined` if the browser loads it itself, or if there is a fault. */
  readonly target: string | undefined;
  readonly fault: ModuleFault | undefined;
  /** Whether the module works without the import: then a fault appears when the browser reaches it. */
  readonly isOptional: boolean;
  /** The source text at this position, for the line in messages. */
  readonly position: number;
}

/** A module as it was read: never changed, and shared by all entries that reach it. */
export interface LoadedModule {
  readonly key: string;
  readonly form: ModuleForm;
  /** The file that it is made of, or that asks for it. */
  readonly file: string;
  /** A short name for messages. */
  readonly label: string;
  readonly source: string | Buffer;
  /** The changes of the source besides URLs. */
  readonly edits: readonly Edit[];
  readonly imports: readonly ModuleImport[];
  readonly warnings: readonly string[];
  /** Why the module cannot be served at all. */
  readonly fault: ModuleFault | undefined;
  /** The script that the source is, where a source map may be wanted. */
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

/** The text of a module with the URLs of its imports; for a file that is served unchanged, its bytes. */
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

/** An import that is written before the source of a module. */
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
