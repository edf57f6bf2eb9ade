import { kContext } from "../exchange/internal.js";
import type { ServedResponse } from "../exchange/served.js";
import { tell } from "../log/logger.js";
import type { RelayEvent } from "../relay/types.js";
import { toEventText } from "./event-text.js";
import { limitWaiting } from "./limit-waiting.js";

/**
 * The largest number of characters that may wait for a slow client. Then the connection is cut, and the client connects
 * again and gets the missed events.
 */
const mostWaiting = 1024 * 1024;

// All clients of a channel get the same object, so its text is made only once.
const texts = new WeakMap<RelayEvent, string>();

/**
 * Sends the events of a channel to a client.
 *
 * @param after The last event that the client has; empty for none.
 * @param close Ends the stream in order.
 * @returns A function that ends the subscription.
 */
export function followChannel(
  res: ServedResponse,
  channel: string,
  after: string,
  close: () => void,
): () => void {
  const { req } = res;
  const write = limitWaiting(res, mostWaiting);
  let hasEnded = false;
  let unsubscribe = (): void => {};
  const send = (event: RelayEvent): void => {
    if (hasEnded) return;
    write(toText(event));
  };
  const relay = req[kContext]?.relay();
  relay?.subscribe(channel, after === "" ? {} : { after }, send).then(
    (end) => {
      if (hasEnded) end();
      else unsubscribe = end;
    },
    (error) => {
      tell(() => req.logger.error("The channel %j could not be subscribed to.", channel, error));
      // The client connects again.
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
