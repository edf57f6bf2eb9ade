import { pathToFileURL } from "node:url";
import type { Problem } from "../errors.js";
import type { ServiceFile } from "./scan-service.js";

/** What a module exports. */
export type ModuleExports = Readonly<Record<string, unknown>>;

/**
 * Imports the file that runs in place of a source.
 * @returns its exports, or the problem in words that name the source's line and the remedy
 */
export async function loadModule(file: ServiceFile): Promise<ModuleExports | Problem> {
  try {
    return { ...(await import(pathToFileURL(file.file).href)) };
  } catch (error) {
    return { file: file.source, message: describeLoadError(error, file), cause: error };
  }
}

/** Tells what `loadModule` gave. */
export function isProblem(loaded: ModuleExports | Problem): loaded is Problem {
  return typeof loaded.file === "string" && typeof loaded.message === "string" && "cause" in loaded;
}

function describeLoadError(error: unknown, file: ServiceFile): string {
  if (!(error instanceof Error))
    return `it threw ${String(error)} while it was loaded. Throw an Error instead.`;
  const code = (error as NodeJS.ErrnoException).code;
  const missingPackage = /^Cannot find package '([^']+)' imported from (.*)/.exec(error.message);
  if (code === "ERR_MODULE_NOT_FOUND" && missingPackage !== null) {
    return `it imports the package "${missingPackage[1]}", which is not installed. Run "npm install ${missingPackage[1]}".`;
  }
  const missingFile = /^Cannot find module '([^']+)' imported from (.*)/.exec(error.message);
  if (code === "ERR_MODULE_NOT_FOUND" && missingFile !== null) {
    const who = missingFile[2] === file.file ? "it imports" : `${missingFile[2]} imports`;
    return `${who} ${missingFile[1]}, which does not exist. Relative imports name the compiled file, ".js" included.`;
  }
  const where = firstFrame(error);
  return `${error.name}: ${error.message}${where === undefined ? "" : ` (${where})`}`;
}

/** The place in the project where an error comes from, as file:line. */
export function firstFrame(error: Error): string | undefined {
  for (const line of error.stack?.split("\n") ?? []) {
    const place = /(file:\/\/\/?|(?<=[( ])\/)[^()\s]+?:\d+/.exec(line)?.[0];
    if (place !== undefined && !place.includes("/node_modules/")) {
      return place.startsWith("file:") ? decodeURIComponent(place.replace(/^file:\/\//, "")) : place;
    }
  }
  return undefined;
}
