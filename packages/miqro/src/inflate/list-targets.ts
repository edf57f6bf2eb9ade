import { basename } from "node:path";
import type { CompositionParts } from "../composition/parts.js";
import { messageOf } from "../errors.js";
import type { LoadedHttpFile } from "../http-files/http-file-kind.js";
import { isPrivateFolder, isScript, isServedFile } from "../http-files/kind.js";
import type { InflatePath, RouteFile } from "../http-files/route-file.js";
import { claimsOf } from "../http-files/route-paths.js";
import { httpFiles } from "../http-files/table.js";
import type { Server } from "../req-server/server.js";
import { firstFrame } from "../service/load-module.js";
import type { LoadedService } from "../service/load-service.js";
import { waitFor } from "../service/waiting.js";
import { decodePath, encodePath, toFileName } from "./file-name.js";
import { fillPattern } from "./fill-pattern.js";
import { takeRequests } from "./take-requests.js";
import type { Target } from "./target.js";
import { type FoundFile, walkFiles } from "./walk-files.js";

/** The paths of a static site, and the problems that were found while they were listed. */
export interface TargetList {
  readonly targets: readonly Target[];
  readonly notes: readonly string[];
}

/**
 * Lists every path of a static site, in the order of the services. If several services have a path, the first one
 * counts, as for a request. Errors are added to the problems of the parts.
 */
export async function listTargets(parts: CompositionParts, server: Server): Promise<TargetList> {
  const targets = new Map<string, Target>();
  const notes: string[] = [];
  const add = (target: Omit<Target, "decoded" | "name">, contentType?: string): void => {
    const decoded = decodePath(target.path);
    if (decoded === undefined) {
      const message = /%(?![\da-f]{2})/i.test(target.path)
        ? `its path "${target.path}" has a percent sign that encodes nothing. Write %25 for it, as encodeURIComponent() does.`
        : `no file can have the name of its path "${target.path}". Choose a path without ".." and encoded slashes.`;
      parts.problemsOf(target.source).add(message);
      return;
    }
    const key = decoded.length > 1 ? decoded.replace(/\/$/, "") : decoded;
    const name = target.disk === undefined ? nameOf(decoded, contentType) : decoded.slice(1);
    if (!targets.has(key)) targets.set(key, { ...target, decoded, name });
  };
  const { services } = parts.composition;
  const context = { parts, server, notes, add, isPlain: !takeRequests(services) };
  for (const service of services) {
    for (const loaded of service.http) await addRoutes(loaded, { ...context, service });
    for (const path of parts.clientCode?.moduleURLs(service) ?? []) {
      add({ service, source: service.scanned.folder, path, isPage: false, isFirst: true });
    }
    for (const page of parts.sitePages.filter((one) => one.service === service)) {
      add({ ...page, isPage: true, isFirst: true });
    }
    await addFiles(service, add);
  }
  return { targets: [...targets.values()], notes };
}

interface Context {
  readonly service: LoadedService;
  readonly parts: CompositionParts;
  readonly server: Server;
  readonly notes: string[];
  /** Whether only the route takes part in the answer of a page. */
  readonly isPlain: boolean;
  add(target: Omit<Target, "decoded" | "name">, contentType?: string): void;
}

async function addRoutes(loaded: LoadedHttpFile, context: Context): Promise<void> {
  const { file, value, kind } = loaded;
  if (file.isNotFoundPage === true) return;
  const { inflates, isPage: isHTML = false } = httpFiles.find(({ kind }) => kind === file.kind) ?? {};
  const claims = claimsOf(loaded).filter(({ method }) => method === "GET");
  const isOpen = ({ path, suffix }: (typeof claims)[number]) => suffix !== undefined || /[:*]/.test(path);
  const patterns = claims.filter(isOpen);
  const target = {
    service: context.service,
    source: file.source,
    isPage: inflates !== "asset",
    date: kind.published?.(value),
    document: context.isPlain ? kind.toDocument?.(file, value, context.parts) : undefined,
  };
  const type = isHTML ? "text/html" : undefined;
  if (inflates !== undefined) {
    for (const [index, claim] of claims.filter((one) => !isOpen(one)).entries()) {
      context.add({ ...target, path: encodePath(claim.path), isFirst: index === 0 }, type);
    }
  }
  const { inflatePaths } = Object(value) as Partial<RouteFile>;
  if (inflatePaths !== undefined) {
    const problems = context.parts.problemsOf(file.source);
    for (const path of await askPaths(inflatePaths, context, file.source)) {
      const filled = fillPattern(path, patterns);
      if ("problem" in filled) problems.add(filled.problem);
      else context.add({ ...target, path: filled.path, isFirst: true }, type);
    }
  } else if (inflates !== undefined && patterns.length > 0) {
    const [{ path = "" } = {}] = patterns;
    // A file that is not a script has no exports.
    const remedy = isScript(file.source) ? " Export inflatePaths to name its pages." : "";
    context.notes.push(`${file.source}: ${path} has parameters, so it is not part of the site.${remedy}`);
  }
}

async function askPaths(
  inflatePaths: NonNullable<RouteFile["inflatePaths"]>,
  { parts, server }: Context,
  source: string,
): Promise<readonly InflatePath[]> {
  const problems = parts.problemsOf(source);
  try {
    const given: unknown = await waitFor(`inflatePaths of ${source}`, () => inflatePaths(server));
    const isList = Object(given)[Symbol.iterator] !== undefined && typeof given !== "string";
    if (isList) return [...(given as Iterable<InflatePath>)];
    if (Object(given)[Symbol.asyncIterator] !== undefined) {
      const paths: InflatePath[] = [];
      for await (const path of given as AsyncIterable<InflatePath>) paths.push(path);
      return paths;
    }
    problems.add("inflatePaths must return an array of paths, or of objects with parameters.");
  } catch (error) {
    const where = error instanceof Error ? firstFrame(error) : undefined;
    problems.add(
      `inflatePaths failed: ${messageOf(error)}${where === undefined ? "" : ` (${where})`}`,
      error,
    );
  }
  return [];
}

/** Plain files of `http/` and `static/`. */
async function addFiles(service: LoadedService, add: Context["add"]): Promise<void> {
  const { httpFolder, staticFolder } = service.scanned;
  const addAll = (files: readonly FoundFile[]): void => {
    for (const { path, disk } of files) {
      add({ service, source: disk, path: `/${encodePath(path)}`, isPage: false, isFirst: true, disk });
    }
  };
  if (httpFolder !== undefined) {
    addAll((await walkFiles(httpFolder, isPrivateFolder)).filter(({ path }) => isServedFile(path)));
  }
  if (staticFolder !== undefined) {
    const isHidden = (name: string, depth: number) =>
      name.startsWith(".") && !(depth === 0 && name === ".well-known");
    const files = await walkFiles(staticFolder, isHidden);
    addAll(files.filter(({ path }) => !basename(path).startsWith(".")));
  }
}

/** The name of a file, if the path or the kind of the route decides it before the request is answered. */
function nameOf(decoded: string, contentType: string | undefined): string | undefined {
  if (contentType !== undefined) return toFileName(decoded, contentType) ?? decoded.slice(1);
  return /\.[a-z][a-z\d]*$/i.test(decoded) ? decoded.slice(1) : undefined;
}
