import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

/**
 * Makes a folder, and the missing folders above it. `mkdirSync` with `recursive` must not be used for a path of the user:
 * where a file system takes no new folders, as `/proc` does, it never ends.
 * @param mode - the mode of each new folder
 * @returns the topmost folder that was made; undefined if the folder exists already
 */
export function makeFolder(folder: string, mode?: number): string | undefined {
  const path = resolve(folder);
  const above = dirname(path);
  try {
    mkdirSync(path, { mode });
    return path;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (isFolder(path)) return undefined;
    if (code !== "ENOENT" || above === path) throw error;
    if (existsSync(above)) throw Object.assign(error as Error, { code: "ENOTSUP" });
  }
  const made = makeFolder(above, mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    // Another process may make it at the same time.
    if (!isFolder(path)) throw error;
  }
  return made ?? path;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
