import type { IncomingMessage } from "node:http";
import { parseJSON } from "../body/json-parser.js";
import { readBody, toCutError } from "../body/read-body.js";
import { HttpError as CoreHttpError, PayloadTooLargeError } from "../errors.js";
import { kBodyRead } from "../exchange/internal.js";
import type { ServedRequest } from "../exchange/served.js";
import { parseSize } from "../options/size.js";
import { Outcome } from "../pipeline/outcome.js";
import { decode, findEncoding } from "./encoding.js";
import { createError } from "./http-error.js";

/** The options for reading a body. */
export interface BodyOptions {
  /** The largest body: a number of bytes, or a size such as `"1mb"`, which is the default. */
  readonly limit?: number | string | undefined;
  /** The encoding of the string. Default: the `charset` of the `Content-Type`, else UTF-8. */
  readonly encoding?: string | undefined;
}

const bodies = new WeakMap<IncomingMessage, Promise<Buffer>>();

/**
 * Reads the body of a request as it was sent. The first call reads. Later calls get the same bytes, even with another
 * `limit`.
 *
 * @throws {HttpError} 413 when the body is larger than `limit`, 400 when it cannot be read.
 */
export function buffer(req: IncomingMessage, options: BodyOptions = {}): Promise<Buffer> {
  return read(req, options, toBytes);
}

/**
 * Reads the body of a request as a string.
 *
 * @throws {HttpError} as {@link buffer} does, and 400 for an encoding that is not known.
 */
export function text(req: IncomingMessage, options: BodyOptions = {}): Promise<string> {
  return read(req, options, decode);
}

/**
 * Reads the body of a request as JSON. Keys that could change a prototype are left out.
 *
 * @throws {HttpError} as {@link text} does, and 400 when the body is not JSON or is empty.
 */
export function json<Body = unknown>(req: IncomingMessage, options: BodyOptions = {}): Promise<Body> {
  return read(req, options, toJSON) as Promise<Body>;
}

function toBytes(bytes: Buffer): Buffer {
  return bytes;
}

function toJSON(bytes: Buffer, encoding: string): unknown {
  const source = decode(bytes, encoding);
  try {
    return parseJSON(source);
  } catch (error) {
    throw createError(400, "Invalid JSON", (error as Error).cause);
  }
}

async function read<T>(
  req: IncomingMessage,
  { limit = "1mb", encoding: given }: BodyOptions,
  use: (bytes: Buffer, encoding: string) => T,
): Promise<T> {
  const encoding = findEncoding(req, given);
  const size = parseSize(limit, "The limit of a body");
  let body = bodies.get(req);
  if (body === undefined) {
    body = start(req as ServedRequest, size);
    bodies.set(req, body);
  }
  let bytes: Buffer;
  try {
    bytes = await body;
  } catch (error) {
    throw toAnswer(error, limit);
  }
  return use(bytes, encoding);
}

function start(req: ServedRequest, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (req.readableEnded && req[kBodyRead] === undefined) throw toCutError(req);
    // A request of a plain server has no buffer if nothing was sent.
    const use = (bytes: Buffer | undefined): void => resolve(bytes ?? Buffer.alloc(0));
    const reading = readBody(req, limit, use, false);
    if (reading instanceof Outcome) reading.listen(() => {}, reject);
    else reading.then(undefined, reject);
  });
}

// A body that stalled is 408. Any error without a status for the client, such as a body that was read before, is thrown
// unchanged.
function toAnswer(error: unknown, limit: number | string): unknown {
  if (error instanceof PayloadTooLargeError) return createError(413, `Body exceeded ${limit} limit`, error);
  if (error instanceof CoreHttpError && error.status === 400) return createError(400, "Invalid body", error);
  return error;
}
