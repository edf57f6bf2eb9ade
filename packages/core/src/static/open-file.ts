import { constants, type Stats } from "node:fs";
import { type FileHandle, open, realpath } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { isServable } from "./servable.js";

/** A file that may be served. */
export interface OpenFile {
  readonly handle: FileHandle;
  readonly stats: Stats;
}

/** What is found for segments below a root. */
export type Found = OpenFile | "folder" | undefined;

/**
 * Opens what lies at the segments below a root, links resolved; what leaves the root is not found.
 *
 * @param root A real path.
 * @param isExcluded Gets the path below the root that was asked, and the one where the file really is: a link, or a
 * file system that does not care for case or knows short names, gives a file another name than it has.
 */
export async function openFile(
  root: string,
  segments: readonly string[],
  isExcluded: (path: string) => boolean = () => false,
): Promise<Found> {
  if (!segments.every(isServable) || isExcluded(segments.join("/"))) return undefined;
  let handle: FileHandle | undefined;
  try {
    const real = await realpath(join(root, ...segments));
    if (real !== root && !real.startsWith(root.endsWith(sep) ? root : root + sep)) return undefined;
    const actual = relative(root, real).split(sep);
    if (real !== root && (!actual.every(isServable) || isExcluded(actual.join("/")))) return undefined;
    // The path is real, so no part of it is a link, unless it was changed just now; a pipe must not block either.
    handle = await open(real, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const stats = await handle.stat();
    if (stats.isFile()) return { handle, stats };
    await handle.close();
    return stats.isDirectory() ? "folder" : undefined;
  } catch (error) {
    await handle?.close();
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

const absences: ReadonlySet<unknown> = new Set([
  "ENOENT",
  "ENOTDIR",
  "ELOOP",
  "ENAMETOOLONG",
  "EACCES",
  "EPERM",
  "ENXIO",
  "EISDIR",
  "EINVAL",
]);

function isAbsence(error: unknown): boolean {
  return error instanceof Error && "code" in error && absences.has(error.code);
}
