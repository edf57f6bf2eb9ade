import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ConflictError, PayloadTooLargeError } from "miqro";
import { isThere, type ProjectPath } from "./project-path.js";
import { largestText, readETag, toETag } from "./read-file.js";

const locks = new Map<string, Promise<unknown>>();

/** Runs changes of one file one after the other. */
export async function inTurn<T>(file: string, change: () => Promise<T>): Promise<T> {
  const before = locks.get(file) ?? Promise.resolve();
  const turn = before.catch(() => undefined).then(change);
  locks.set(file, turn);
  try {
    return await turn;
  } finally {
    if (locks.get(file) === turn) locks.delete(file);
  }
}

/**
 * Writes a file atomically: a reader gets the old or the new content, also after a crash.
 * @param known - the etag of the content that the text is based on; null for a new file
 * @returns the etag of the new content
 * @throws {ConflictError} if the file was changed in the meantime, or if a new file already exists
 */
export async function writeProjectFile(
  { path, file }: ProjectPath,
  text: string,
  known: string | null,
): Promise<string> {
  if (Buffer.byteLength(text) > largestText)
    throw new PayloadTooLargeError("The editor saves files of at most 2 MB.");
  return inTurn(file, async () => {
    const found = await readETag(file);
    if (known === null && (found !== undefined || (await isThere(file)))) {
      throw new ConflictError(`${path} already exists.`);
    }
    if (known !== null && found !== known) {
      throw new ConflictError(
        found === undefined
          ? `${path} was removed after you opened it.`
          : `${path} was changed by another program after you opened it.`,
      );
    }
    await replaceFile(file, text);
    return toETag(text);
  });
}

/** Writes a temporary file, flushes it to the disk, and renames it. */
async function replaceFile(file: string, text: string): Promise<void> {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true });
  const mode = await stat(file).then(
    (stats) => stats.mode & 0o7777,
    () => undefined,
  );
  // A file name that neither tsc nor the watch mode of miqro uses as a source.
  const temporary = join(folder, `.${basename(file).slice(0, 200)}.${randomUUID().slice(0, 8)}.tmp`);
  try {
    const handle = await open(temporary, "wx", mode ?? 0o666);
    try {
      if (mode !== undefined) await handle.chmod(mode);
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

/** Flushes the renamed entry of the folder to the disk, if the platform supports it. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
