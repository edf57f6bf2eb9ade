import { pathToFileURL } from "node:url";
import { messageOf, type Problem } from "../errors.js";
import { loadOnUse } from "../load-on-use.js";
import type { ServiceFile } from "./scan-service.js";
import { waitFor } from "./waiting.js";

/** Loaded when a module cannot be loaded. */
const loadImportErrors = loadOnUse<typeof import("./describe-import-error.js")>(
  import.meta.url,
  "./describe-import-error.js",
);

/** The exports of a module. */
export type ModuleExports = Readonly<Record<string, unknown>>;

/** The reason why a module could not be loaded. */
export class LoadFailure implements Problem {
  readonly file: string;
  readonly message: string;
  readonly cause: unknown;

  constructor(file: ServiceFile, error: unknown) {
    this.file = file.source;
    const message = describeLoadError(error, file);
    // An output has the same path in the output folder as its source in the project.
    this.message = file.buildFolder === undefined ? message : message.replaceAll(file.buildFolder, "");
    this.cause = error;
  }
}

/**
 * Imports the file that runs in place of a source. If this fails, the error has the line of the source and the remedy.
 */
export async function loadModule(file: ServiceFile): Promise<ModuleExports | LoadFailure> {
  try {
    const module = await waitFor(`loading ${file.source}`, () => import(toURL(file)));
    return { ...withoutWrapper(module) };
  } catch (error) {
    return new LoadFailure(file, error);
  }
}

/** The URL of a version of a file. Node.js caches each loaded module by its URL. */
function toURL({ file, version }: ServiceFile): string {
  const { href } = pathToFileURL(file);
  return version === undefined ? href : `${href}?version=${version}`;
}

/**
 * The exports of a CommonJS module that was compiled from an ES module: Node.js puts all of them into the default
 * export.
 */
function withoutWrapper(module: ModuleExports): ModuleExports {
  const { default: inner } = module as { readonly default?: ModuleExports };
  return typeof inner === "object" && inner !== null && inner.__esModule === true ? inner : module;
}

function describeLoadError(error: unknown, file: ServiceFile): string {
  if (!(error instanceof Error)) {
    return `it threw ${describeThrown(error)} while it was loaded. Throw an Error instead.`;
  }
  return loadImportErrors().describeImportError(error, file) ?? describeError(error);
}

function describeError(error: Error): string {
  const where = firstFrame(error);
  return `${error.name}: ${error.message}${where === undefined ? "" : ` (${where})`}`;
}

/** Describes any thrown value in words, even a value that cannot be printed. */
export function describeThrown(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : messageOf(thrown);
}

/** The position in the project where an error was thrown, as file:line. */
export function firstFrame(error: Error): string | undefined {
  for (const line of error.stack?.replaceAll(/\?version=\d+/g, "").split("\n") ?? []) {
    const place = /(file:\/\/\/?|(?<=[( ])\/)[^()\s]+?:\d+/.exec(line)?.[0];
    if (place !== undefined && !place.includes("/node_modules/")) {
      return place.startsWith("file:") ? decodeURIComponent(place.replace(/^file:\/\//, "")) : place;
    }
  }
  return undefined;
}
