import { kContext, kContract } from "../exchange/internal.js";
import type { ServedResponse } from "../exchange/served.js";
import { tell } from "../log/logger.js";
import { maskTokens } from "../log/mask-tokens.js";
import { checkOptions } from "../options/check-options.js";
import { kinds } from "../options/kinds.js";
import { ReplyPromise } from "../pipeline/outcome.js";
import { loadOnUse } from "../platform/builtins.js";
import { begin, claim } from "./answer.js";
import type { EventStream, EventStreamOptions } from "./event-stream-types.js";
import { toEventText } from "./event-text.js";
import { limitWaiting } from "./limit-waiting.js";

/** The largest number of characters that may wait for a client, if nothing awaits the promises of `send`. */
const mostWaiting = 16 * 1024 * 1024;

// Loaded with the first stream of a channel.
const loadFollow = loadOnUse<typeof import("./follow-channel.js")>(import.meta.url, "./follow-channel.js");

/** Answers with a stream of events. The head leaves at once. */
export function openEventStream(res: ServedResponse, options: EventStreamOptions = {}): EventStream {
  checkOptions<EventStreamOptions>(
    options,
    "A stream of events",
    { heartbeat: kinds.time, channel: kinds.text, lastEventId: kinds.text },
    (faults) => {
      if (options.lastEventId !== undefined && options.channel === undefined)
        faults.add(
          "lastEventId",
          "A stream of events has a `lastEventId` but no `channel`: add the channel.",
        );
    },
  );
  const { heartbeat = 15_000, channel } = options;
  if (!claim(res)) return closedStream;
  res[kContract] = undefined;
  // nginx holds back the bytes of a server unless the answer has this header.
  const headers = { "Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no" };
  begin(res, { status: 200, type: "text/event-stream; charset=utf-8", headers });
  // An answer to HEAD has no body (RFC 9110 9.3.2), so there is nothing to keep open.
  if (res.req.method === "HEAD") {
    res.end();
    return closedStream;
  }
  res.flushHeaders();
  const write = limitWaiting(res, mostWaiting);
  let closed = false;
  const close = (): void => {
    if (closed) return;
    release();
    res.end();
  };
  const timer =
    heartbeat > 0
      ? setInterval(() => void (res.writableNeedDrain || res.write(":\n\n")), heartbeat)
      : undefined;
  timer?.unref();
  const release = (): void => {
    closed = true;
    clearInterval(timer);
    stay?.();
  };
  // The stream never ends by itself, and its client connects again by itself. So a server that closes does not wait for
  // it.
  const stay = res.req[kContext]?.onClose(close);
  // All calls of `send` share two listeners. Node.js warns of more than ten.
  let waiting: ((canTakeMore: boolean) => void)[] = [];
  const settle = (): void => {
    const settled = waiting;
    waiting = [];
    for (const resolve of settled) resolve(!closed);
  };
  res.on("drain", settle);
  res.once("close", () => {
    release();
    settle();
  });
  if (channel !== undefined) {
    const given = options.lastEventId ?? res.req.headers["last-event-id"];
    const end = loadFollow().followChannel(res, channel, typeof given === "string" ? given : "", close);
    res.once("close", end);
    res.once("finish", end);
  }
  return {
    get closed() {
      return closed;
    },
    send: (event) =>
      new ReplyPromise(
        (resolve) => {
          const text = toEventText(typeof event === "string" ? { data: event } : event);
          if (closed || write(text) || res.destroyed) {
            resolve(!closed && !res.destroyed);
            return;
          }
          waiting.push(resolve);
        },
        (error) => reportUnsent(res, error),
      ),
    close,
    [Symbol.asyncDispose]: async () => close(),
  };
}

const closedStream: EventStream = {
  closed: true,
  send: async () => false,
  close: () => {},
  [Symbol.asyncDispose]: async () => {},
};

function reportUnsent({ req }: ServedResponse, error: unknown): void {
  tell(() =>
    req.logger.error("An event of %s %s was not sent [%s]", req.method, maskTokens(req.url), req.uuid, error),
  );
}
