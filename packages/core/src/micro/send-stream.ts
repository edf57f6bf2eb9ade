import type { ServerResponse } from "node:http";
import { finished, Readable, type Stream } from "node:stream";
import { toPart } from "../reply/send-stream.js";

const sent = new WeakMap<ServerResponse, Stream>();

/**
 * Pipes a stream into a response, and destroys it when the client goes away.
 *
 * @param onError Is called when the stream fails or closes before its end, if nothing else has answered.
 */
export function sendStream(res: ServerResponse, stream: Stream, onError: (error: Error) => void): void {
  sent.set(res, stream);
  const fail = (error: Error): void => {
    // A handler may also listen for the error, later than this code. The answer of the handler is used.
    process.nextTick(() => {
      if (sent.get(res) === stream && !res.writableEnded && !res.destroyed) onError(error);
    });
  };
  if (stream instanceof Readable) {
    finished(stream, { writable: false }, (error) => {
      if (error) fail(error);
    });
  } else {
    stream.on("error", fail);
  }
  res.once("close", () => dropStream(res));
  // Old streams, which do not inherit from `Readable`, have `pipe` as well.
  if (stream instanceof Readable && stream.readableObjectMode) sendObjects(res, stream);
  else (stream as Readable).pipe(res);
}

// Node's `pipe` would write the objects themselves, and the exception would end the process.
function sendObjects(res: ServerResponse, stream: Readable): void {
  stream.on("data", (chunk: unknown) => {
    if (sent.get(res) !== stream) return;
    try {
      if (res.write(toPart(chunk))) return;
    } catch (error) {
      stream.destroy(error as Error);
      return;
    }
    stream.pause();
    res.once("drain", () => stream.resume());
  });
  stream.on("end", () => {
    if (sent.get(res) === stream) res.end();
  });
}

/** Detaches the running stream from its response, and closes the stream unless it was read to its end. */
export function dropStream(res: ServerResponse): void {
  const stream = sent.get(res);
  if (stream === undefined) return;
  sent.delete(res);
  if (!(stream instanceof Readable)) return;
  stream.unpipe(res);
  if (!stream.readableEnded) stream.destroy();
}
