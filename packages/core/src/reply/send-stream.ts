import { finished, Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { keepContext } from "../exchange/async-context.js";
import { toBytes } from "../exchange/bytes.js";
import { kContext, kContract } from "../exchange/internal.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import type { ReplyHeaders } from "../exchange/types.js";
import { claim, prepareHead, release } from "./answer.js";
import { isWebResponse, isWebStream, toJSONText } from "./body-type.js";
import { Reply } from "./reply.js";

/**
 * Streams a body with backpressure. An error on either side cuts the connection, so that half of an answer never looks
 * like a whole one. An error before the first byte is answered.
 */
export function sendStream(
  res: ServedResponse,
  stream: Readable,
  status: number,
  type: string,
  headers: ReplyHeaders | undefined,
): void {
  if (!claim(res)) {
    discardStream(stream);
    return;
  }
  try {
    refuseRead(stream);
    res[kContract]?.check(status);
    res[kContract]?.checkRaw(stream, status);
    prepareHead(res, { status, type, headers });
  } catch (error) {
    release(res);
    discardStream(stream);
    throw error;
  }
  res.statusCode = status;
  if (res.req.method === "HEAD" || status === 204 || status === 205 || status === 304) {
    discardStream(stream);
    res.end();
    return;
  }
  pump(res, stream);
}

/** Refuses a stream that was read before. Its answer would be empty, and look whole. */
export function refuseRead(stream: Readable): void {
  if (stream.readableEnded)
    throw new TypeError(
      "The stream was read to its end before, so it has nothing to send. Return a new one.",
    );
}

// Node's pipeline destroys the response if its first byte cannot settle the head. The client would get no answer.
function pump(res: ServedResponse, stream: Readable): void {
  let isDone = false;
  const attempt = (send: () => void): void => {
    try {
      send();
    } catch (error) {
      fail(error);
    }
  };
  const fail = (error: unknown): void => {
    if (isDone) return;
    isDone = true;
    discardStream(stream);
    // The client has gone, which ends the stream too.
    if (res.destroyed) return;
    release(res);
    scope.runInAsyncScope(() => res.req[kContext]?.fail(res.req, res, error));
  };
  // Events of streams and connections do not run in the context of the request. Generators run in the context of their
  // caller.
  const scope = keepContext(res.req);
  const goOn = (): void => scope.runInAsyncScope(() => void stream.resume());
  stream.on("data", (chunk: unknown) => {
    attempt(() => {
      if (isDone || res.write(toPart(chunk))) return;
      stream.pause();
      res.once("drain", goOn);
    });
  });
  // This also reports a stream that closes before its end.
  finished(stream, { writable: false }, (error) => {
    if (error) fail(error);
    else if (!isDone) attempt(() => void res.end());
  });
  res.once("close", () => {
    if (!stream.readableEnded) discardStream(stream);
  });
  stream.resume();
}

/** Turns a part of a body into text or bytes. A stream of objects, such as a cursor, sends the JSON of each object. */
export function toPart(chunk: unknown): string | Uint8Array {
  return typeof chunk === "string" ? chunk : (toBytes(chunk) ?? toJSONText(chunk));
}

/** A body that is read part by part. */
export interface PartSource {
  next(): Promise<{ readonly done?: boolean | undefined; readonly value?: unknown }>;
  /** Is called once, unless the body has ended or failed. Nothing waits for its result. */
  close(reason: Error | undefined, hasBegun: boolean): unknown;
}

/** Makes a stream of the parts of a body: strings, bytes and objects. */
export function readParts(source: PartSource): Readable {
  let hasBegun = false;
  let isOver = false;
  const pull = async (stream: Readable): Promise<void> => {
    hasBegun = true;
    try {
      const { done, value } = await source.next().catch((error: unknown) => {
        isOver = true;
        throw error;
      });
      if (done === true) isOver = true;
      if (stream.destroyed) return;
      // A stream would take the object `null` for its end.
      stream.push(done === true ? null : toPart(value));
    } catch (error) {
      stream.destroy(error as Error);
    }
  };
  return new Readable({
    objectMode: true,
    highWaterMark: 1,
    read() {
      void pull(this);
    },
    destroy(error, done) {
      if (!isOver) void closeSource(source, error ?? undefined, hasBegun);
      done(error);
    },
  });
}

/**
 * Reads an asynchronous iterable. If its reader stops, the iterator is closed at once, even if its next value has not
 * come yet: perhaps it never comes.
 */
export function readIterable(iterable: AsyncIterable<unknown>): Readable {
  const iterator = iterable[Symbol.asyncIterator]();
  return readParts({
    next: async () => iterator.next(),
    // An iterator that has not begun has nothing to close, but its iterable may have.
    close: (_reason, hasBegun) => (hasBegun ? iterator.return?.() : closeIterable(iterable)),
  });
}

/** Reads a web stream. Throws if other code reads it. */
export function readWebStream(stream: NodeReadableStream | ReadableStream): Readable {
  const reader = (stream as NodeReadableStream).getReader();
  return readParts({ next: () => reader.read(), close: (reason) => reader.cancel(reason) });
}

async function closeSource(source: PartSource, reason: Error | undefined, hasBegun: boolean): Promise<void> {
  try {
    await source.close(reason, hasBegun);
  } catch {
    // There is nobody to report this to.
  }
}

/** Releases a return value that cannot be sent: open files, connections and cursors are closed. */
export function discardValue(req: ServedRequest, value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  if (value instanceof Reply) {
    discardValue(req, value.body);
  } else if (value instanceof Readable) {
    // Node's setters return the request and its socket. A stream that is being read already has an owner.
    if (value !== req && value !== req.socket && value.readableFlowing === null) discardStream(value);
  } else if (isWebStream(value)) {
    cancel(value);
  } else if (isWebResponse(value)) {
    cancel(value.body as NodeReadableStream | null);
  } else if (Symbol.asyncIterator in value) {
    void closeIterable(value);
  }
}

/** Prevents a stream that middleware returned from ending the process, and closes it if nothing reads it. */
export function holdValue(req: ServedRequest, res: ServedResponse, value: unknown): void {
  if (!(value instanceof Readable) || value === req || value === req.socket) return;
  value.on("error", ignore);
  res.once("close", () => discardValue(req, value));
}

function discardStream(stream: Readable): void {
  // Without a listener, a late error, such as the error of a missing file, would end the process.
  stream.on("error", ignore).destroy();
}

function cancel(stream: NodeReadableStream | null): void {
  if (stream !== null && !stream.locked) stream.cancel().then(undefined, ignore);
}

/** Closes an iterable that is its own iterator, or that has such a method itself. */
async function closeIterable(iterable: object): Promise<void> {
  try {
    if ("return" in iterable && typeof iterable.return === "function") await iterable.return(undefined);
  } catch {
    // There is nobody to report this to.
  }
}

function ignore(): void {}
