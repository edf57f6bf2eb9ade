import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { ForbiddenError, NotFoundError } from "miqro";
import type { ProjectPath } from "./project-path.js";

/** The largest file that is opened as text, in bytes. */
export const largestText = 2 * 1024 * 1024;

/** The content of a file in the form that a browser gets. */
export type FileContent =
  | {
      readonly kind: "text";
      readonly path: string;
      readonly size: number;
      readonly text: string;
      /** The etag, which changes with the content. */
      readonly etag: string;
    }
  | { readonly kind: "large" | "binary"; readonly path: string; readonly size: number };

/**
 * Reads a file as text. If the file is not UTF-8 or is larger than 2 MB, the result contains this reason instead of the
 * text.
 * @throws {NotFoundError} if the file does not exist
 * @throws {ForbiddenError} if the file is a private key
 */
export async function readProjectFile({ path, file }: ProjectPath): Promise<FileContent> {
  const content = await readBytes(file);
  if (content === undefined) throw new NotFoundError(`There is no file ${path}.`);
  const { size, bytes } = content;
  if (bytes === undefined) return { kind: "large", path, size };
  const text = toText(bytes);
  if (text === undefined) return { kind: "binary", path, size };
  if (/^\s*-----BEGIN [A-Z ]*PRIVATE KEY/.test(text)) {
    throw new ForbiddenError(`"${path}" contains a private key, which the editor does not show.`);
  }
  return { kind: "text", path, size, text, etag: toETag(bytes) };
}

/** Returns the etag of a file, or undefined if the file does not exist. */
export async function readETag(file: string): Promise<string | undefined> {
  const content = await readBytes(file, Number.POSITIVE_INFINITY);
  return content?.bytes === undefined ? undefined : toETag(content.bytes);
}

/** Returns an etag: a hash of the content. */
export function toETag(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64url");
}

/**
 * Reads the bytes of a file. Returns undefined if the path does not exist or is not a file. The result has no bytes if
 * the file is larger than the limit.
 */
async function readBytes(
  file: string,
  limit = largestText,
): Promise<{ readonly size: number; readonly bytes?: Buffer } | undefined> {
  // Without these flags, opening a pipe would wait for its writer, and a link that was created after the check could
  // lead out of the project.
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
    // `ignoreBOM` keeps a byte order mark in the text, so that saving writes it again.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
