import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { ForbiddenError, NotFoundError } from "miqro";
import type { ProjectPath } from "./project-path.js";

/** The largest file that is opened as text, in bytes. */
export const largestText = 2 * 1024 * 1024;

/** The file as a browser gets it. */
export type FileContent =
  | {
      readonly kind: "text";
      readonly path: string;
      readonly size: number;
      readonly text: string;
      /** Changes with the content. */
      readonly etag: string;
    }
  | { readonly kind: "large" | "binary"; readonly path: string; readonly size: number };

/**
 * Reads a file as text; one that is no UTF-8, or is larger than 2 MB, is told as such.
 * @throws {NotFoundError} when there is no such file
 * @throws {ForbiddenError} when it is a private key
 */
export async function readProjectFile({ path, file }: ProjectPath): Promise<FileContent> {
  const content = await readBytes(file);
  if (content === undefined) throw new NotFoundError(`There is no file ${path}.`);
  const { size, bytes } = content;
  if (bytes === undefined) return { kind: "large", path, size };
  const text = toText(bytes);
  if (text === undefined) return { kind: "binary", path, size };
  if (/^\s*-----BEGIN [A-Z ]*PRIVATE KEY/.test(text)) {
    throw new ForbiddenError(`"${path}" holds a private key, which the editor does not show.`);
  }
  return { kind: "text", path, size, text, etag: toETag(bytes) };
}

/** The tag of the content of a file; undefined when there is none. */
export async function readETag(file: string): Promise<string | undefined> {
  const content = await readBytes(file, Number.POSITIVE_INFINITY);
  return content?.bytes === undefined ? undefined : toETag(content.bytes);
}

/** A tag that two contents share only when they are the same. */
export function toETag(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64url");
}

/** Undefined if the path does not exist, or is no file; without bytes if the file is larger than the limit. */
async function readBytes(
  file: string,
  limit = largestText,
): Promise<{ readonly size: number; readonly bytes?: Buffer } | undefined> {
  // A pipe would wait for its writer; a link that came since the path was checked could lead anywhere.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const handle = await open(file, flags).catch((error: NodeJS.ErrnoException) => {
    if (["ENOENT", "ENOTDIR", "ELOOP", "EISDIR", "ENXIO"].includes(error.code ?? "")) return undefined;
    if (error.code === "EACCES") throw new ForbiddenError("The file system does not let you read this file.");
    throw error;
  });
  if (handle === undefined) return undefined;
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) return undefined;
    if (stats.size > limit) return { size: stats.size };
    const bytes = await handle.readFile();
    return bytes.length > limit ? { size: bytes.length } : { size: bytes.length, bytes };
  } finally {
    await handle.close();
  }
}

function toText(bytes: Buffer): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    // A byte order mark is kept, so that saving keeps it as well.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
