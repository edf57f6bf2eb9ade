import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** A file below a folder. */
export interface FoundFile {
  /** The path relative to the folder, with `/` between the names. */
  readonly path: string;
  readonly disk: string;
}

/**
 * Lists the files below a folder, in an order that does not depend on the file system. Links are followed.
 * @param skips - returns whether a folder is left out, by its name and depth
 */
export async function walkFiles(
  root: string,
  skips: (name: string, depth: number) => boolean,
): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  const walk = async (folder: string, above: readonly string[]): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const disk = join(folder, entry.name);
      const kind = entry.isSymbolicLink() ? await stat(disk).catch(() => undefined) : entry;
      if (kind?.isFile()) found.push({ path: [...above, entry.name].join("/"), disk });
      // A link to a folder above would never end.
      else if (kind?.isDirectory() && above.length < 40 && !skips(entry.name, above.length)) {
        await walk(disk, [...above, entry.name]);
      }
    }
  };
  await walk(root, []);
  return found;
}
