import { ArgumentError } from "../errors.js";
import { kContract } from "../exchange/internal.js";
import type { ServedResponse } from "../exchange/served.js";
import { tell } from "../log/logger.js";
import { maskTokens } from "../log/mask-tokens.js";
import { checkOptions } from "../options/check-options.js";
import { kinds } from "../options/kinds.js";
import { ReplyPromise } from "../pipeline/outcome.js";
import { begin, claim } from "./answer.js";
import { toJSONText } from "./body-type.js";
import type { EventStream, EventStreamOptions, ServerSentEvent } from "./event-stream-types.js";

/** Answers with a stream of events. The head leaves at once. */
export function openEventStream(res: ServedResponse, options: EventStreamOptions = {}): EventStream {
  checkOptions<EventStreamOptions>(options, "A stream of events", { heartbeat: kinds.time });
  const { heartbeat = 15_000 } = options;
  if (!claim(res)) return closedStream;
  res[kContract] = undefined;
  const headers = { "Cache-Control": "no-cache, no-transform" };
  begin(res, { status: 200, type: "text/event-stream; charset=utf-8", headers });
  // An answer to HEAD has no body (RFC 9110 9.3.2), so there is nothing to keep open.
  if (res.req.method === "HEAD") {
    res.end();
    return closedStream;
  }
  res.flushHeaders();
  let closed = false;
  const timer =
    heartbeat > 0
      ? setInterval(() => void (res.writableNeedDrain || res.write(":\n\n")), heartbeat)
      : undefined;
  timer?.unref();
  const release = (): void => {
    closed = true;
    clearInterval(timer);
  };
  res.once("close", release);
  return {
    get closed() {
      return closed;
    },
    send: (event) =>
      new ReplyPromise(
        (resolve) => {
          const text = toEventText(typeof event === "string" ? { data: event } : event);
          if (closed || res.write(text)) {
            resolve(!closed);
            return;
          }
          const settle = (): void => {
            res.off("drain", settle).off("close", settle);
            resolve(!closed);
          };
          res.on("drain", settle).on("close", settle);
        },
        (error) => reportUnsent(res, error),
      ),
    close() {
      if (closed) return;
      release();
      res.end();
    },
  };
}

const closedStream: EventStream = { closed: true, send: async () => false, close: () => {} };

function reportUnsent({ req }: ServedResponse, error: unknown): void {
  tell(() =>
    req.logger.error("An event of %s %s was not sent [%s]", req.method, maskTokens(req.url), req.uuid, error),
  );
}

/** Writes an event. A line break in a field would begin another field, so it is refused where the format has no way to say it. */
export function toEventText({ data, event, id, retry }: ServerSentEvent): string {
  let text = "";
  if (event !== undefined) text += `event: ${toField("event", event)}\n`;
  if (id !== undefined) text += `id: ${toField("id", String(id))}\n`;
  if (retry !== undefined) {
    if (!Number.isInteger(retry) || retry < 0) {
      throw new ArgumentError(`The retry of an event is a number of milliseconds, not ${retry}.`);
    }
    text += `retry: ${retry}\n`;
  }
  if (data !== undefined) {
    const lines = typeof data === "string" ? data : toJSONText(data);
    for (const line of lines.split(/\r\n|\r|\n/)) text += `data: ${line}\n`;
  }
  return `${text}\n`;
}

function toField(name: string, value: string): string {
  if (/[\r\n\0]/.test(value)) throw new ArgumentError(`The ${name} of an event is one line of text.`);
  return value;
}
