import { BadRequestError, PayloadTooLargeError, UnsupportedMediaTypeError } from "../errors.js";
import { kAbortBody, kBodyRead } from "../http/internal.js";
import type { ServedRequest } from "../http/served.js";

/**
 * Reads the whole body into memory, once: who asks again gets the same bytes.
 *
 * @param limit In bytes; one more rejects with a 413.
 */
export function readBody(req: ServedRequest, limit: number): Promise<Buffer> {
  req[kBodyRead] ??= start(req, limit);
  return req[kBodyRead];
}

async function start(req: ServedRequest, limit: number): Promise<Buffer> {
  const encoding = req.headers["content-encoding"]?.trim().toLowerCase();
  if (encoding !== undefined && encoding !== "" && encoding !== "identity") {
    throw new UnsupportedMediaTypeError(`A body with the Content-Encoding "${encoding}" is not read here.`);
  }
  if (Number(req.headers["content-length"] ?? 0) > limit) throw tooLarge(limit);
  const buffer = await collect(req, limit);
  req.buffer = buffer;
  return buffer;
}

function collect(req: ServedRequest, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (): void => {
      req[kAbortBody] = undefined;
      req.off("data", onData).off("end", onEnd).off("error", onError).off("close", onClose);
    };
    const fail = (error: Error): void => {
      settle();
      req.pause();
      reject(error);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limit) fail(tooLarge(limit));
      else chunks.push(chunk);
    };
    const onEnd = (): void => {
      settle();
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size));
    };
    const onError = (error: Error): void => {
      fail(new BadRequestError("The body ended before it was complete.", { cause: error }));
    };
    const onClose = (): void => {
      fail(new BadRequestError("The body ended before it was complete."));
    };
    req[kAbortBody] = fail;
    req.on("data", onData).on("end", onEnd).on("error", onError).on("close", onClose);
  });
}

function tooLarge(limit: number): PayloadTooLargeError {
  return new PayloadTooLargeError(`The body is larger than the ${limit} bytes that are read here.`);
}
