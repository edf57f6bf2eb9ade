import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Faults } from "../options/check-options.js";

/** A folder that contains a module file, or other folders of modules. */
export interface ModuleFolder {
  /** The last part of the folder's path. */
  readonly name: string;
  /** The whole path of the module file. */
  readonly file: string | undefined;
  readonly folders: readonly ModuleFolder[];
}

const exact = /^module\.[cm]?[jt]s$/;
const similar = /^_?modules?\.[cm]?[jt]sx?$/i;
// If both exist, the output of `tsc` is used and not its source.
const extensions = ["js", "mjs", "cjs", "ts", "mts", "cts"];

/**
 * Finds the module files of a folder and of its subfolders, in the order of their names. It leaves out folders named
 * `node_modules`, and folders whose names begin with a dot or an underscore.
 *
 * @param faults Gets file names that were probably meant to be modules, and links to folders above.
 * @param toName Returns the name of a file or folder for messages.
 */
export async function findModules(
  folder: string,
  name: string,
  faults: Faults,
  toName: (path: string) => string,
  around: readonly string[] = [],
): Promise<ModuleFolder> {
  const real = await realpath(folder);
  if (around.includes(real)) {
    faults.add(
      toName(folder),
      `The folder ${toName(folder)} is a link that leads back to a folder around it. Remove the link.`,
    );
    return { name, file: undefined, folders: [] };
  }
  const files: string[] = [];
  const folders: ModuleFolder[] = [];
  for (const entry of (await readdir(folder)).sort()) {
    const path = join(folder, entry);
    const isFolder = (await stat(path).catch(() => undefined))?.isDirectory();
    if (isFolder === true) {
      if (entry === "node_modules" || /^[._]/.test(entry)) continue;
      folders.push(await findModules(path, entry, faults, toName, [...around, real]));
    } else if (exact.test(entry)) {
      files.push(entry);
    } else if (isFolder === false && similar.test(entry)) {
      const wanted = /x$/i.test(entry)
        ? "module.ts or module.js"
        : `module.${entry.split(".").at(-1)?.toLowerCase()}`;
      faults.add(toName(path), `${toName(path)} is not read as a module. Name it ${wanted}.`);
    }
  }
  const [file] = extensions.map((one) => `module.${one}`).filter((one) => files.includes(one));
  return { name, file: file === undefined ? undefined : join(folder, file), folders };
}
