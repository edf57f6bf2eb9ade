import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The path of the nearest file with this name, in a folder or in the folders above it. */
export function findUpwards(folder: string, name: string): string | undefined {
  for (let current = folder; ; ) {
    const path = join(current, name);
    if (existsSync(path)) return path;
    const parent = dirname(current);
    if (parent === current) return undefined;
    current = parent;
  }
}
