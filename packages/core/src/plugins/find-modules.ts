import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Faults } from "../options/check-options.js";

/** A folder with a module file, or with such folders in it. */
export interface ModuleFolder {
  /** The last part of its path. */
  readonly name: string;
  /** The whole path of the module file. */
  readonly file: string | undefined;
  readonly folders: readonly ModuleFolder[];
}

const exact = /^module\.[cm]?[jt]s$/;
const similar = /^_?modules?\.[cm]?[jt]sx?$/i;
// One that `tsc` wrote comes before its source.
const extensions = ["js", "mjs", "cjs", "ts", "mts", "cts"];

/**
 * Finds the module files of a folder and of those in it, in the order of their names. Folders named `node_modules`, and
 * those whose names begin with a dot or an underscore, are left out.
 *
 * @param faults Where it notes file names that were probably meant to be modules, and folders that lead back.
 * @param toName Names a file or folder in messages.
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
      faults.add(toName(path), `${toName(path)} is not taken for a module. Name it ${wanted}.`);
    }
  }
  const [file] = extensions.map((one) => `module.${one}`).filter((one) => files.includes(one));
  return { name, file: file === undefined ? undefined : join(folder, file), folders };
}
