import type { ServedResponse } from "../exchange/served.js";
import { tell } from "../log/logger.js";
import { maskTokens } from "../log/mask-tokens.js";

/**
 * Makes a function that writes events to a client. If too much waits for a client that does not read, its connection is
 * cut. An `EventSource` connects again by itself.
 *
 * @param most The largest number of characters that may wait.
 * @returns A function that returns false when the caller should wait, as `write` of a stream does.
 */
export function limitWaiting(res: ServedResponse, most: number): (text: string) => boolean {
  const { req } = res;
  // The event that the client is taking does not count, so that it may be large.
  let waiting: number | undefined;
  res.on("drain", () => {
    waiting = undefined;
  });
  return (text) => {
    if (res.destroyed) return false;
    if (waiting !== undefined && waiting > most) {
      tell(() =>
        req.logger.warn(
          "The client of %s reads events too slowly, and its connection is closed.",
          maskTokens(req.url),
        ),
      );
      res.destroy();
      return false;
    }
    if (res.write(text)) return true;
    waiting = waiting === undefined ? 0 : waiting + text.length;
    return false;
  };
}
