import { existsSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { findUpwards } from "../build/find-upwards.js";
import { createOutputFinder, isTypeScript, type OutputFinder } from "../build/output-finder.js";
import { fileKind, isScript } from "../http-files/kind.js";
import { scanService } from "../service/scan-service.js";

/** The paths whose changes make a new version: the files that run, but not the files that the app writes. */
export interface WatchedPaths {
  /** The folders to watch. No folder in the list contains another one. */
  readonly folders: readonly string[];
  /** Whether a path below these folders is left out, with everything below it. */
  isIgnored(path: string): boolean;
  /** Whether a change makes a new version. */
  isRelevant(path: string): boolean;
  /** The compiled file of a source; undefined for a file that is not a source of a service. */
  outputOf(path: string): string | undefined;
}

/** The facts about the running version. */
export interface WatchInput {
  readonly services: readonly string[];
  /** Whether tsc writes the files that run. Otherwise the sources are watched. */
  readonly noBuild: boolean;
  /** Whether a change of a test makes a new version. Default false. */
  readonly tests?: boolean;
  /** Files that are watched at any path: loaded modules and configs. */
  readonly files: Iterable<string>;
}

/** Finds the paths to watch. */
export async function findWatchedPaths({
  services,
  files,
  noBuild,
  tests = false,
}: WatchInput): Promise<WatchedPaths> {
  const outputs = noBuild
    ? createOutputFinder()
    : (await import("../build/compile-services.js")).sourcesThemselves;
  const exact = new Set([...files].map((file) => resolve(file)));
  const folders: string[] = [];
  const compiled = new Set<string>();
  const addConfig = (path: string | undefined): void => {
    if (path !== undefined) exact.add(path);
  };
  for (const path of services) {
    const folder = await serviceFolder(path, outputs);
    folders.push(folder);
    const packageJSON = findUpwards(folder, "package.json");
    if (packageJSON !== undefined) exact.add(packageJSON);
    try {
      // The first TypeScript file of a service may be created later.
      const { outDir, tsconfig } = outputs.find(join(folder, "later.ts"));
      if (outDir !== undefined) compiled.add(outDir);
      addConfig(tsconfig ?? findUpwards(folder, "tsconfig.json"));
    } catch {
      // Errors of the config are reported when the service is loaded.
      addConfig(findUpwards(folder, "tsconfig.json"));
    }
  }
  const roots = [...folders, ...compiled];
  const all = new Set([...roots, ...[...exact].map((file) => dirname(file))]);
  const above = new Set<string>();
  for (const path of [...roots, ...exact]) {
    for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) above.add(folder);
  }
  const isBelowRoot = (path: string) => roots.some((root) => path === root || path.startsWith(root + sep));
  const serviceOf = (path: string) => folders.find((folder) => path.startsWith(folder + sep));
  return {
    folders: [...all].filter((folder) => !isBelowAnother(folder, all)),
    isIgnored(path) {
      if (exact.has(path) || above.has(path)) return false;
      if (!isBelowRoot(path)) return true;
      if (ignored.test(basename(path))) return true;
      const service = serviceOf(path);
      // These files are answered from the disk; uploads may also be kept there.
      return service !== undefined && path.startsWith(join(service, "static") + sep);
    },
    isRelevant(path) {
      // A changed source makes a new version only when its output is written.
      if (noBuild && isTypeScript(path) && existsSync(path)) return isRunAsItIs(path, exact, outputs);
      if (exact.has(path)) return true;
      const service = serviceOf(path);
      const inside = service === undefined ? "" : path.slice(service.length + 1);
      if (["http", "static", "migration"].includes(inside)) return true;
      if (isScript(path)) return tests || !/\.test\.\w+$/.test(path);
      const isRoute =
        inside.startsWith(`http${sep}`) && !["static", "private"].includes(fileKind(basename(path)).kind);
      return isRoute || /\.md$/.test(inside);
    },
    outputOf(path) {
      if (!noBuild || serviceOf(path) === undefined || !isTypeScript(path) || /\.test\.\w+$/.test(path))
        return undefined;
      try {
        return outputs.find(path).file;
      } catch {
        return undefined;
      }
    },
  };
}

async function serviceFolder(path: string, outputs: OutputFinder): Promise<string> {
  const { service } = await scanService(path, outputs);
  return service.folder;
}

/** Node.js itself can run some TypeScript. */
function isRunAsItIs(path: string, loaded: ReadonlySet<string>, outputs: OutputFinder): boolean {
  if (!loaded.has(path)) return false;
  try {
    return outputs.find(path).file === path;
  } catch {
    return true;
  }
}

function isBelowAnother(folder: string, folders: ReadonlySet<string>): boolean {
  for (let current = dirname(folder); current !== dirname(current); current = dirname(current)) {
    if (folders.has(current)) return true;
  }
  return false;
}

const ignored = /^\.|^node_modules$|\.d\.[mc]?ts$|\.map$|\.tsbuildinfo$|\.log$|\.(?:sqlite3?|db)(?:-\w+)?$/;
