import { kContext } from "../exchange/internal.js";
import type { ServedResponse } from "../exchange/served.js";
import { tell } from "../log/logger.js";
import { maskTokens } from "../log/mask-tokens.js";
import type { RelayEvent } from "../relay/types.js";
import { toEventText } from "./event-text.js";

/** How much may wait for a client that reads slowly before it is cut off: it comes back and gets what it missed. */
const mostWaiting = 1024 * 1024;

// All clients of a channel get the same object, so that its text is made once.
const texts = new WeakMap<RelayEvent, string>();

/**
 * Sends the events of a channel to a client.
 *
 * @param after The last event that it has; empty for none.
 * @param close Ends the stream in order.
 * @returns What ends the subscription.
 */
export function followChannel(
  res: ServedResponse,
  channel: string,
  after: string,
  close: () => void,
): () => void {
  const { req } = res;
  let waiting = 0;
  let hasEnded = false;
  let unsubscribe = (): void => {};
  res.on("drain", () => {
    waiting = 0;
  });
  const send = (event: RelayEvent): void => {
    if (hasEnded) return;
    const text = toText(event);
    if (res.write(text)) return;
    waiting += text.length;
    if (waiting <= mostWaiting) return;
    tell(() =>
      req.logger.warn("The client of %s reads events too slowly and is cut off.", maskTokens(req.url)),
    );
    res.destroy();
  };
  const relay = req[kContext]?.relay();
  relay?.subscribe(channel, after === "" ? {} : { after }, send).then(
    (end) => {
      if (hasEnded) end();
      else unsubscribe = end;
    },
    (error) => {
      tell(() => req.logger.error("The channel %j could not be subscribed to.", channel, error));
      // The client tries again.
      close();
    },
  );
  return () => {
    hasEnded = true;
    unsubscribe();
  };
}

function toText(event: RelayEvent): string {
  let text = texts.get(event);
  if (text === undefined) {
    text =
      event.gap === true
        ? toEventText({ event: "reset", data: "" })
        : toEventText({ id: event.id, data: event.payload });
    texts.set(event, text);
  }
  return text;
}
