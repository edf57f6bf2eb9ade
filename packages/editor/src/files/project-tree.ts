import { readdir, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { type Forbidden, whyForbidden } from "./forbidden-names.js";

/** A file or a folder of the project. */
export interface TreeEntry {
  readonly path: string;
  readonly folder?: true;
  /** The reason why it cannot be opened. */
  readonly locked?: Forbidden | "outside";
}

/** The files and folders of a project, each folder before its content. */
export interface ProjectTree {
  readonly entries: readonly TreeEntry[];
  /** Set if the project has more entries than the list. */
  readonly isCut?: true;
}

const most = 20_000;

/**
 * Lists the files of a project, except version control and installed packages. It lists links, but does not follow
 * links to folders.
 */
export async function readProjectTree(root: string): Promise<ProjectTree> {
  const entries: TreeEntry[] = [];
  // Reads level after level. If a project is too large, its deepest files are missing from the list.
  let folders: readonly (readonly string[])[] = [[]];
  while (folders.length > 0 && entries.length < most) {
    const lists = await Promise.all(folders.map((segments) => listFolder(root, segments)));
    entries.push(...lists.flat());
    folders = lists
      .flat()
      .filter(({ folder, locked }) => folder === true && locked === undefined)
      .map(({ path }) => path.split("/"));
  }
  return entries.length > most ? { entries: entries.slice(0, most), isCut: true } : { entries };
}

async function listFolder(root: string, segments: readonly string[]): Promise<TreeEntry[]> {
  // The folder may have been removed, or this process may not read it.
  const found = await readdir(join(root, ...segments), { withFileTypes: true }).catch(() => []);
  const listed = await Promise.all(
    found.map(async (entry): Promise<TreeEntry | undefined> => {
      const path = [...segments, entry.name].join("/");
      const forbidden = whyForbidden([...segments, entry.name]);
      if (forbidden === "hidden" || /^\..*\.[0-9a-f]{8}\.tmp$/.test(entry.name)) return undefined;
      const locked = forbidden === undefined ? {} : { locked: forbidden };
      if (entry.isDirectory()) return { path, folder: true, ...locked };
      if (entry.isFile()) return { path, ...locked };
      return entry.isSymbolicLink() ? listLink(root, path) : undefined;
    }),
  );
  return listed.filter((entry) => entry !== undefined);
}

/**
 * Returns the entry of a link. A link to a file of the project opens this file. A link to a folder of the project is
 * left out, because the folder is in the list at its own path.
 */
async function listLink(root: string, path: string): Promise<TreeEntry | undefined> {
  const target = await realpath(join(root, path)).catch(() => undefined);
  if (target === undefined) return { path, locked: "outside" };
  const inside = relative(root, target);
  if (inside === ".." || inside.startsWith(`..${sep}`)) return { path, locked: "outside" };
  const stats = await stat(target).catch(() => undefined);
  const locked = whyForbidden(inside.split(sep));
  if (stats?.isFile() === true) return locked === undefined ? { path } : { path, locked };
  return undefined;
}
