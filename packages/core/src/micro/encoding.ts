import type { IncomingMessage } from "node:http";
import { parseMediaType } from "../body/media-type.js";
import { createError } from "./http-error.js";

// These encodings are Node's own. All others are the encodings of the web, by any of their names.
const ownEncodings: ReadonlyMap<string, BufferEncoding> = new Map([
  ["utf8", "utf8"],
  ["utf-8", "utf8"],
  ["latin1", "latin1"],
  ["iso-8859-1", "latin1"],
  ["binary", "latin1"],
  ["ascii", "ascii"],
  ["us-ascii", "ascii"],
  ["ucs2", "utf16le"],
  ["ucs-2", "utf16le"],
  ["utf16le", "utf16le"],
  ["hex", "hex"],
  ["base64", "base64"],
  ["base64url", "base64url"],
]);

/**
 * Returns the encoding of a body in lower case: `given`, else the `charset` of the request, else UTF-8.
 *
 * @throws {HttpError} 400 when the encoding is unknown, or the `Content-Type` cannot be read.
 */
export function findEncoding(req: IncomingMessage, given: string | undefined): string {
  const name = (given ?? readCharset(req) ?? "utf8").toLowerCase();
  if (!ownEncodings.has(name)) createDecoder(name);
  return name;
}

/** Decodes bytes with an encoding from {@link findEncoding}. */
export function decode(bytes: Buffer, encoding: string): string {
  const own = ownEncodings.get(encoding);
  if (own === undefined) return createDecoder(encoding).decode(bytes);
  const text = bytes.toString(own);
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

function readCharset(req: IncomingMessage): string | undefined {
  const header = req.headers["content-type"] || undefined;
  const type = parseMediaType(header);
  if (header !== undefined && type === undefined) {
    throw createError(400, "Invalid body", new Error(`The Content-Type "${header}" cannot be read.`));
  }
  return type?.charset;
}

function createDecoder(name: string): { decode(bytes: Uint8Array): string } {
  try {
    return new TextDecoder(name);
  } catch (error) {
    throw createError(400, "Invalid body", error);
  }
}
