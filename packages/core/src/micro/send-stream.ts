import type { ServerResponse } from "node:http";
import { finished, Readable, type Stream } from "node:stream";

const sent = new WeakMap<ServerResponse, Stream>();

/**
 * Pipes a stream into a response, and destroys it when the client goes away.
 *
 * @param onError Called when the stream fails, or is closed before its end, and nobody has answered that.
 */
export function sendStream(res: ServerResponse, stream: Stream, onError: (error: Error) => void): void {
  sent.set(res, stream);
  const fail = (error: Error): void => {
    // A handler may listen for the error as well, later than this, and its answer comes first.
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
  // Streams of the first kind, without `Readable`, have `pipe` as well.
  (stream as Readable).pipe(res);
}

/** Takes the stream that is being sent away from its response, and closes it unless all of it was read. */
export function dropStream(res: ServerResponse): void {
  const stream = sent.get(res);
  if (stream === undefined) return;
  sent.delete(res);
  if (!(stream instanceof Readable)) return;
  stream.unpipe(res);
  if (!stream.readableEnded) stream.destroy();
}
