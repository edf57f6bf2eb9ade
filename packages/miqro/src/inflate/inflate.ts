import { join, relative, resolve, sep } from "node:path";
import { MiqroError } from "../errors.js";
import type { MiqroOptions } from "../lifecycle/miqro-options.js";
import { modes } from "../lifecycle/miqro-options.js";
import { type CompositionActions, RunningComposition } from "../lifecycle/running-composition.js";
import type { LoadedService } from "../service/load-service.js";
import { FolderOutput } from "./folder-output.js";
import { InflateError } from "./inflate-error.js";
import {
  areInflateOptionsSound,
  checkInflateOptions,
  type InflateOptions,
  type InflateResult,
} from "./inflate-options.js";
import { listTargets } from "./list-targets.js";
import { findCacheFile, MarkdownCache } from "./markdown-cache.js";
import { MemoryOutput } from "./memory-output.js";
import { SiteRequests } from "./request-targets.js";
import { parseSiteBase, type SiteBase } from "./site-base.js";
import { SiteBuilder } from "./site-builder.js";

/**
 * Makes a static site of a composition: starts it without a port, requests every path of the site, and writes the files
 * when all answers are there.
 * @throws {InflateError} with every route that failed and every link without a target; nothing is changed then
 * @throws {StartError} if the composition cannot be started
 */
export async function inflate(
  miqroOptions: MiqroOptions,
  options: InflateOptions,
  actions: CompositionActions,
  version?: number,
): Promise<InflateResult> {
  if (!areInflateOptionsSound(options)) await checkInflateOptions(options);
  const { inflateDir, inflateFlat = false, inflateOnlyAssets = false } = options;
  const base = parseSiteBase(options.inflateBase ?? "/") as SiteBase;
  const services = [miqroOptions.services].flat().map((path) => resolve(path));
  // Before the start, so that a folder that cannot be written is reported at once.
  const output = inflateDir === undefined ? new MemoryOutput() : new FolderOutput(inflateDir);
  const contents = new MarkdownCache(inflateDir === undefined ? undefined : findCacheFile(services));
  let requests: SiteRequests | undefined;
  const running = new RunningComposition(
    miqroOptions,
    inflateOnlyAssets ? modes.inflateAssets : modes.inflate,
    actions,
    {
      version,
      pageContents: contents,
      isMuted: () => requests?.isMuted === true,
      rendering: { outOfOrder: false, onPartError: (error, req) => requests?.noteError(req.url, error) },
    },
  );
  let isDone = false;
  try {
    const { app, parts, server } = await running.prepare();
    if (app === undefined) throw new TypeError("A mode without an app cannot be inflated.");
    const rootOf = findRoots(parts.composition.services, inflateFlat);
    if (inflateDir !== undefined) checkFolder(inflateDir, parts.composition.services, rootOf);
    if (output instanceof FolderOutput) {
      output.own(
        parts.composition.services.map((service) => ({
          folder: service.scanned.folder,
          root: rootOf(service),
        })),
      );
    }
    const { targets, notes } = await listTargets(parts, server);
    if (parts.problems.length > 0) throw new InflateError(parts.problems);
    requests = new SiteRequests(
      app,
      server,
      base.origin === undefined ? "localhost" : new URL(base.origin).host,
    );
    const builder = new SiteBuilder({
      base,
      output,
      requests,
      rootOf,
      services: parts.composition.services,
    });
    await builder.build(targets, {
      parallel: Number(options.inflateParallel ?? miqroOptions.inflateParallel ?? 4),
      // Without handlers, the missing paths are not known.
      hasPages: !inflateOnlyAssets,
      onProgress: (progress) => {
        options.signal?.throwIfAborted();
        options.onProgress?.(progress);
      },
    });
    const problems = [
      ...builder.problems,
      ...output.problems.map((message) => ({ file: inflateDir ?? "", message })),
    ];
    // Answers arrive in any order.
    problems.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
    if (problems.length > 0) throw new InflateError(problems);
    options.signal?.throwIfAborted();
    const counts = await output.commit();
    isDone = true;
    return {
      ...counts,
      files: builder.files(output instanceof MemoryOutput ? output.bodies : undefined),
      leftOut: builder.leftOut.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
      notes: [...notes, ...builder.notes()],
      markdown: { rendered: contents.rendered, reused: contents.reused },
    };
  } finally {
    output.abandon();
    requests?.close();
    await contents.close({ keep: isDone });
    await running.stop();
  }
}

/**
 * The folder for the files of each service below `inflateDir`, with a slash at its end, or an empty string for
 * `inflateDir` itself.
 */
function findRoots(services: readonly LoadedService[], isFlat: boolean): (service: LoadedService) => string {
  if (isFlat) return () => "";
  const folders = new Map<string, string>();
  for (const { scanned } of services) {
    const other = folders.get(scanned.name);
    if (other !== undefined) {
      throw new MiqroError(
        "MIQRO_ARGUMENT",
        `${other} and ${scanned.folder} would both be written to ${scanned.name}/static/. Rename one of them, or inflate with --inflate-flat (inflateFlat: true).`,
      );
    }
    folders.set(scanned.name, scanned.folder);
  }
  return ({ scanned }) => `${scanned.name}/static/`;
}

/**
 * If the site were written into the folder of a service, that service would serve its files, and inflate them again.
 */
function checkFolder(
  folder: string,
  services: readonly LoadedService[],
  rootOf: (service: LoadedService) => string,
): void {
  for (const service of services) {
    const root = resolve(join(folder, rootOf(service)));
    for (const { scanned } of services) {
      if (!isWithin(scanned.folder, root)) continue;
      throw new MiqroError(
        "MIQRO_ARGUMENT",
        `inflateDir is ${folder}, so files would be written to ${root}, which belongs to the service ${scanned.folder}. Name another folder.`,
      );
    }
  }
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`));
}
