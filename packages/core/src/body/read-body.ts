import type { Transform } from "node:stream";
import { BadRequestError, PayloadTooLargeError } from "../errors.js";
import { kAbortBody, kBodyRead } from "../http/internal.js";
import type { ServedRequest } from "../http/served.js";
import { abandonBody } from "./abandon-body.js";
import { createDecoder } from "./decode-body.js";

/**
 * Reads the whole body into memory, once: who asks again gets the same bytes.
 *
 * @param limit In bytes, of the decoded body; one more rejects with a 413.
 */
export function readBody(req: ServedRequest, limit: number): Promise<Buffer> {
  req[kBodyRead] ??= collect(req, limit);
  return req[kBodyRead];
}

function collect(req: ServedRequest, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const decoder = createDecoder(req);
    if (decoder === undefined && Number(req.headers["content-length"] ?? 0) > limit) {
      abandonBody(req);
      reject(tooLarge(limit));
      return;
    }
    const source = decoder ?? req;
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (): void => {
      req[kAbortBody] = undefined;
      source.off("data", onData).off("end", onEnd);
      req.off("error", onCut).off("close", onCut);
    };
    const fail = (error: Error): void => {
      settle();
      if (decoder !== undefined) {
        req.unpipe(decoder);
        decoder.destroy();
      }
      req.pause();
      abandonBody(req);
      reject(error);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limit) fail(tooLarge(limit));
      else chunks.push(chunk);
    };
    const onEnd = (): void => {
      settle();
      const buffer = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size);
      req.buffer = buffer;
      resolve(buffer);
    };
    const onCut = (error?: Error): void => {
      if (error !== undefined || !req.complete)
        fail(new BadRequestError("The body ended before it was complete.", { cause: error }));
    };
    req[kAbortBody] = fail;
    source.on("data", onData).on("end", onEnd);
    req.on("error", onCut).on("close", onCut);
    if (decoder !== undefined) decode(req, decoder, limit, fail);
  });
}

function decode(req: ServedRequest, decoder: Transform, limit: number, fail: (error: Error) => void): void {
  let encoded = 0;
  // What decodes to nothing could go on for ever. Data that does not shrink grows by less than this.
  const most = limit + limit / 100 + 1024;
  req.on("data", (chunk: Buffer) => {
    encoded += chunk.length;
    if (encoded > most && !decoder.destroyed) fail(tooLarge(limit));
  });
  decoder.on("error", (error) =>
    fail(new BadRequestError("The body is not what its Content-Encoding says.", { cause: error })),
  );
  req.pipe(decoder);
}

function tooLarge(limit: number): PayloadTooLargeError {
  return new PayloadTooLargeError(`The body is larger than the ${limit} bytes that are read here.`);
}
