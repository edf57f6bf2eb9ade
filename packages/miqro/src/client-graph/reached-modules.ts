import { ClientGraphError, type ModuleFault } from "./client-graph-error.js";
import { type LoadedModule, lineAt, type ModuleImport } from "./loaded-module.js";
import type { ModuleLoader } from "./module-loader.js";
import type { ModuleLocator } from "./module-location.js";

/** A module on the way from an entry, and the import that led there. */
export interface Reached {
  readonly module: LoadedModule;
  readonly importer: Reached | undefined;
  readonly via: ModuleImport | undefined;
}

/**
 * All modules that a module reaches, by key, the nearest first.
 * @param isFollowed whether an import counts
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
 * Tells the author of an entry the error, and the chain of imports that leads to it.
 * @param failed the module that has the fault, or whose import has it
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
    // The line is that of the compiled file, so it is left out where the source is named.
    const isSource = step.importer === undefined && entry.source !== undefined;
    const line = via === undefined || isSource ? "" : `:${lineAt(step.module.source, via.position)}`;
    const label = isSource ? locator.toCallerLabel(entry.source) : step.module.label;
    // A module that only passes on the exports of the next one is left out, since a reader learns nothing from it.
    if (step.module.form !== "names" && step.module.form !== "namespace") chain.unshift(label + line);
    via = step.via;
  }
  chain.unshift(entry.url);
  if (failing !== undefined) chain.push(failing.specifier);
  const isEntry = failed.importer === undefined && entry.source !== undefined;
  return new ClientGraphError(fault.code, `${fault.message} It is reached by ${chain.join(" -> ")}.`, {
    file: isEntry ? entry.source : locator.toCallerPath(failed.module.file),
    chain,
    cause: fault.cause,
  });
}
