import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ConflictError, PayloadTooLargeError } from "miqro";
import { isThere, type ProjectPath } from "./project-path.js";
import { largestText, readETag, toETag } from "./read-file.js";

const locks = new Map<string, Promise<unknown>>();

/** Runs changes of the same file one after the other. */
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
 * Writes a file as a whole: a reader, and a crash, see the old content or the new one.
 * @param known - the tag of the content that the new one was made from; null for a file that is new
 * @returns the tag of the new content
 * @throws {ConflictError} when the file has another content by now, or is there already
 */
export async function writeProjectFile(
  { path, file }: ProjectPath,
  text: string,
  known: string | null,
): Promise<string> {
  if (Buffer.byteLength(text) > largestText) throw new PayloadTooLargeError("A file has at most 2 MB here.");
  return inTurn(file, async () => {
    const found = await readETag(file);
    if (known === null && (found !== undefined || (await isThere(file)))) {
      throw new ConflictError(`${path} is there already.`);
    }
    if (known !== null && found !== known) {
      throw new ConflictError(
        found === undefined
          ? `${path} is gone by now.`
          : `${path} was changed by somebody else since you opened it.`,
      );
    }
    await replaceFile(file, text);
    return toETag(text);
  });
}

/** Writes a temporary file, has the disk take it, and gives it the name. */
async function replaceFile(file: string, text: string): Promise<void> {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true });
  const mode = await stat(file).then(
    (stats) => stats.mode & 0o7777,
    () => undefined,
  );
  // A name that neither tsc nor a watch of services takes for a source.
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

/** Has the disk take the new name as well, where folders can be asked. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
