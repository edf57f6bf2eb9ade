import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { createOutputFinder, isTypeScript } from "../build/output-finder.js";
import { scanService } from "../service/scan-service.js";

/** The folders whose changes make a new version: the services, and what the compiler writes. */
export async function foldersToWatch(services: readonly string[]): Promise<string[]> {
  const outputs = createOutputFinder();
  const folders = new Set<string>();
  const addOutDir = (source: string) => {
    try {
      folders.add(outputs.find(source).outDir ?? dirname(source));
    } catch {
      // What is wrong with the config is told when the service is loaded.
    }
  };
  for (const path of services) {
    const { service } = await scanService(path, outputs);
    folders.add(service.folder);
    // The first TypeScript file of a service may come later.
    addOutDir(join(service.folder, "later.ts"));
    for (const { source } of [...service.configs.values(), ...service.http, ...service.migrations]) {
      addOutDir(source);
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
