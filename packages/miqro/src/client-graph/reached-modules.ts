import { ClientGraphError, type ModuleFault } from "./client-graph-error.js";
import { type LoadedModule, lineAt, type ModuleImport } from "./loaded-module.js";
import type { ModuleLoader } from "./module-loader.js";
import type { ModuleLocator } from "./module-location.js";

/** A module that an entry imports, directly or not, and the import that leads to it. */
export interface Reached {
  readonly module: LoadedModule;
  readonly importer: Reached | undefined;
  readonly via: ModuleImport | undefined;
}

/**
 * All modules that a module imports, directly or not, by key, the nearest first.
 * @param isFollowed whether an import is followed
 */
export async function reach(
  start: string,
  loader: ModuleLoader,
  isFollowed: (via: ModuleImport) => boolean = () => true,
): Promise<ReadonlyMap<string, Reached>> {
  const reached = new Map<string, Reached>();
  reached.set(start, { module: await loader.load(start), importer: undefined, via: undefined });
  for (const importer of reached.values()) {
    for (const via of importer.module.imports) {
      if (via.target === undefined || reached.has(via.target) || !isFollowed(via)) continue;
      reached.set(via.target, { module: await loader.load(via.target), importer, via });
    }
  }
  return reached;
}

/**
 * Makes the error for the author of an entry, with the chain of imports that leads to it.
 * @param failed the module with the error, or with the import that has the error
 */
export function toGraphError(
  fault: ModuleFault,
  failed: Reached,
  entry: { readonly url: string; readonly source?: string },
  locator: ModuleLocator,
): ClientGraphError {
  const failing = failed.module.imports.find((one) => one.fault === fault);
  const chain: string[] = [];
  let via = failing;
  for (let step: Reached | undefined = failed; step !== undefined; step = step.importer) {
    // The line is that of the compiled file, so it is left out if the message names the source.
    const isSource = step.importer === undefined && entry.source !== undefined;
    const line = via === undefined || isSource ? "" : `:${lineAt(step.module.source, via.position)}`;
    const label = isSource ? locator.toCallerLabel(entry.source) : step.module.label;
    // A module that only re-exports the next module is left out, because it does not help the reader.
    if (step.module.form !== "names" && step.module.form !== "namespace") chain.unshift(label + line);
    via = step.via;
  }
  chain.unshift(entry.url);
  if (failing !== undefined) chain.push(failing.specifier);
  const isEntry = failed.importer === undefined && entry.source !== undefined;
  return new ClientGraphError(fault.code, `${fault.message} The chain of imports is ${chain.join(" -> ")}.`, {
    file: isEntry ? entry.source : locator.toCallerPath(failed.module.file),
    chain,
    cause: fault.cause,
  });
}
