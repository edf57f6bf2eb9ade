import type { Transform } from "node:stream";
import { BadRequestError, PayloadTooLargeError, StateError, withoutStack } from "../errors.js";
import { kAbortBody, kBodyRead, kHandOver, kSink } from "../exchange/internal.js";
import type { BodySink, ServedRequest } from "../exchange/served.js";
import { Outcome } from "../pipeline/outcome.js";
import { loadOnUse } from "../platform/builtins.js";
import { abandonBody } from "./abandon-body.js";

// Loaded with the first body that is encoded.
const loadDecoder = loadOnUse<typeof import("./decode-body.js")>(import.meta.url, "./decode-body.js");

/**
 * Reads the whole body into memory, once. Later calls get the same bytes.
 *
 * @param limit The largest size of the decoded body, in bytes. A larger body is a 413.
 * @param use Gets the bytes. If it throws, the reading fails with that error.
 * @param decodes Whether the body is decoded as `Content-Encoding` says.
 */
export function readBody(
  req: ServedRequest,
  limit: number,
  use: (bytes: Buffer) => void,
  decodes: boolean = true,
): PromiseLike<undefined> {
  const earlier = req[kBodyRead];
  if (earlier !== undefined) {
    return earlier.then(() => {
      if (req.buffer.length > limit) throw tooLarge(limit);
      use(req.buffer);
      return undefined;
    });
  }
  const reading = new BodyReading(req, limit, use);
  req[kBodyRead] = reading;
  reading.start(decodes);
  return reading;
}

class BodyReading extends Outcome<undefined> implements BodySink {
  readonly #req: ServedRequest;
  readonly #limit: number;
  readonly #use: (bytes: Buffer) => void;
  #decoder: Transform | undefined;
  #first: Buffer | undefined;
  #more: BodyParts | undefined;
  #size = 0;
  #done = false;

  constructor(req: ServedRequest, limit: number, use: (bytes: Buffer) => void) {
    super();
    this.#req = req;
    this.#limit = limit;
    this.#use = use;
  }

  start(decodes: boolean): void {
    if (decodes && isEncoded(this.#req)) this.#startDecoding();
    else this.#startWith(undefined);
  }

  #startDecoding(): void {
    try {
      this.#startWith(loadDecoder().createDecoder(this.#req));
    } catch (error) {
      this.abort(error as Error);
    }
  }

  #startWith(decoder: Transform | undefined): void {
    const req = this.#req;
    this.#decoder = decoder;
    if (decoder === undefined && Number(req.headers["content-length"] ?? 0) > this.#limit) {
      this.abort(tooLarge(this.#limit));
      return;
    }
    if (req.destroyed) {
      this.abort(toCutError(req));
      return;
    }
    req[kAbortBody] = this;
    if (decoder === undefined && req[kHandOver]?.(this) === true) return;
    // Without a listener for errors, Node does not report that a client went away.
    req.on("error", (error) => this.cut(error));
    if (decoder !== undefined) this.#decode(decoder);
    (decoder ?? req).on("data", (chunk: Buffer) => this.take(chunk)).on("end", () => this.end());
  }

  /** Stops to read the body, and rejects. */
  abort(error: Error): void {
    if (this.#done) return;
    this.#done = true;
    const req = this.#req;
    req[kAbortBody] = undefined;
    req[kSink] = undefined;
    if (this.#decoder !== undefined) {
      req.unpipe(this.#decoder);
      this.#decoder.destroy();
    }
    req.pause();
    abandonBody(req);
    this.reject(error);
  }

  cut(cause: unknown): void {
    this.abort(withoutStack(() => new BadRequestError("The body ended before it was complete.", { cause })));
  }

  take(chunk: Buffer): void {
    if (this.#done) return;
    this.#size += chunk.length;
    if (this.#size > this.#limit) this.abort(tooLarge(this.#limit));
    else if (this.#first === undefined) this.#first = chunk;
    else {
      if (this.#more === undefined) {
        this.#more = new BodyParts();
        this.#more.take(this.#first);
      }
      this.#more.take(chunk);
    }
  }

  end(): void {
    if (this.#done) return;
    this.#done = true;
    const req = this.#req;
    req[kAbortBody] = undefined;
    const bytes = this.#more === undefined ? this.#first : this.#more.join(this.#size);
    if (bytes !== undefined) req.buffer = bytes;
    try {
      this.#use(req.buffer);
    } catch (error) {
      this.reject(error);
      return;
    }
    this.resolve(undefined);
  }

  #decode(decoder: Transform): void {
    let encoded = 0;
    // Encoded data that decodes to nothing could go on for ever. Data that cannot be compressed grows by less than this
    // when it is encoded.
    const most = this.#limit + this.#limit / 100 + 1024;
    const req = this.#req;
    req.on("data", (chunk: Buffer) => {
      encoded += chunk.length;
      if (encoded > most) this.abort(tooLarge(this.#limit));
    });
    decoder.on("error", (error) => {
      if (encoded === 0) this.end();
      this.abort(
        withoutStack(
          () => new BadRequestError("The body does not match its Content-Encoding.", { cause: error }),
        ),
      );
    });
    req.pipe(decoder);
  }
}

/** Smaller parts are copied together: a part of one byte would take a hundred bytes as an object. */
const smallPart = 4096;
const largestBlock = 64 * 1024;

/** The parts of a body as they arrive. They take about their own size in memory. */
class BodyParts {
  #parts: Buffer[] = [];
  /** The block that small parts are copied to, and the number of its bytes in use. */
  #block: Buffer | undefined;
  #filled = 0;

  take(chunk: Buffer): void {
    if (chunk.length >= smallPart) {
      this.#closeBlock();
      this.#parts.push(chunk);
      return;
    }
    let block = this.#block;
    if (block === undefined || this.#filled + chunk.length > block.length)
      block = this.#openBlock(chunk.length);
    chunk.copy(block, this.#filled);
    this.#filled += chunk.length;
  }

  /** Joins all parts to one buffer of `size` bytes. */
  join(size: number): Buffer {
    this.#closeBlock();
    const [only] = this.#parts;
    return this.#parts.length === 1 && only !== undefined ? only : Buffer.concat(this.#parts, size);
  }

  // Each block is twice as large as the block before, so that a small body takes little memory.
  #openBlock(least: number): Buffer {
    const size = Math.min(largestBlock, Math.max(256, (this.#block?.length ?? 0) * 2));
    this.#closeBlock();
    this.#block = Buffer.allocUnsafeSlow(Math.max(size, least));
    return this.#block;
  }

  #closeBlock(): void {
    if (this.#block !== undefined && this.#filled > 0)
      this.#parts.push(this.#block.subarray(0, this.#filled));
    this.#block = undefined;
    this.#filled = 0;
  }
}

/** Whether a body has to be decoded. */
export function isEncoded(req: ServedRequest): boolean {
  const encoding = req.headers["content-encoding"];
  return encoding !== undefined && encoding !== "" && encoding !== "identity";
}

/**
 * Returns the reason why a body can no longer be read: the client has disconnected, or other code has read the body.
 */
export function toCutError(req: ServedRequest): Error {
  return req.readableEnded
    ? new StateError("The body cannot be parsed: something else has read the stream of the request.")
    : withoutStack(() => new BadRequestError("The body ended before it was complete."));
}

function tooLarge(limit: number): PayloadTooLargeError {
  return withoutStack(
    () => new PayloadTooLargeError(`The body is larger than the ${limit} bytes that are allowed.`),
  );
}

/** Whether the client announced a body. */
export function hasBody(req: ServedRequest): boolean {
  if (req.headers["transfer-encoding"] !== undefined) return true;
  const length = req.headers["content-length"];
  return length !== undefined && Number(length) > 0;
}
