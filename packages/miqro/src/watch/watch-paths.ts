import { existsSync } from "node:fs";
import { basename, dirname } from "node:path";
import { createOutputFinder, isTypeScript } from "../compile/output-finder.js";
import { scanService } from "../service/scan-service.js";

/** The folders whose changes make a new version: the services, and what the compiler writes. */
export async function foldersToWatch(services: readonly string[]): Promise<string[]> {
  const outputs = createOutputFinder();
  const folders = new Set<string>();
  for (const path of services) {
    const { service } = await scanService(path, outputs);
    folders.add(service.folder);
    for (const { source } of [...service.configs.values(), ...service.http, ...service.migrations]) {
      folders.add(outputs.find(source).outDir ?? dirname(source));
    }
  }
  return [...folders].filter((folder) => !isBelowAnother(folder, folders));
}

function isBelowAnother(folder: string, folders: ReadonlySet<string>): boolean {
  for (let current = dirname(folder); current !== dirname(current); current = dirname(current)) {
    if (folders.has(current)) return true;
  }
  return false;
}

const ignored = /^\.|^node_modules$|\.d\.[mc]?ts$|\.map$|\.tsbuildinfo$|\.log$|\.(?:sqlite3?|db)(?:-\w+)?$/;

/** Whether a path has nothing to do with what the server runs. */
export function isIgnored(path: string): boolean {
  return ignored.test(basename(path));
}

/** Whether a change makes a new version. A changed TypeScript source does so only when its output follows. */
export function isRelevant(path: string): boolean {
  return !isTypeScript(path) || !existsSync(path);
}
