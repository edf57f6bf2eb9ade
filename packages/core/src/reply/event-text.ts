import { ArgumentError } from "../errors.js";
import { toJSONText } from "./body-type.js";
import type { ServerSentEvent } from "./event-stream-types.js";

/**
 * Writes an event. A line break in a field would begin another field. So it is refused if the format cannot express it.
 */
export function toEventText({ data, event, id, retry }: ServerSentEvent): string {
  let text = "";
  if (event !== undefined) text += `event: ${toField("event", event)}\n`;
  if (id !== undefined) text += `id: ${toField("id", String(id))}\n`;
  if (retry !== undefined) {
    if (!Number.isInteger(retry) || retry < 0) {
      throw new ArgumentError(`The retry of an event must be a number of milliseconds, not ${retry}.`);
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
  if (/[\r\n\0]/.test(value)) throw new ArgumentError(`The ${name} of an event must be one line of text.`);
  return value;
}
