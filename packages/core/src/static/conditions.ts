import type { IncomingHttpHeaders } from "node:http";
import { namesTag } from "../reply/write-reply.js";

/** The values that are compared with the conditions of a request. */
export interface Validators {
  /** A strong entity tag, with its quotes. */
  readonly tag: string;
  /** The time in whole seconds since 1970, because dates of HTTP have no milliseconds. */
  readonly seconds: number;
}

/**
 * Evaluates the conditions of a GET or HEAD in the order of RFC 9110 13.2.2. A date counts only if there is no tag.
 *
 * @returns The resulting status: 200, 304 if the client has the file, 412 if it wants another file.
 */
export function evaluateConditions(
  headers: IncomingHttpHeaders,
  { tag, seconds }: Validators,
): 200 | 304 | 412 {
  const match = headers["if-match"];
  if (match !== undefined) {
    if (match.trim() !== "*" && !match.split(",").some((one) => one.trim() === tag)) return 412;
  } else {
    const unmodified = readDate(headers["if-unmodified-since"]);
    if (unmodified !== undefined && seconds > unmodified) return 412;
  }
  const none = headers["if-none-match"];
  if (none !== undefined) return namesTag(none, tag) ? 304 : 200;
  const modified = readDate(headers["if-modified-since"]);
  return modified !== undefined && seconds <= modified ? 304 : 200;
}

/** Whether the range that a client asks for belongs to the file that it has (RFC 9110 13.1.5). */
export function allowsRange(headers: IncomingHttpHeaders, { tag, seconds }: Validators): boolean {
  const condition = headers["if-range"];
  if (condition === undefined) return true;
  if (typeof condition !== "string") return false;
  return condition.includes('"') ? condition.trim() === tag : readDate(condition) === seconds;
}

// The three forms of RFC 9110 5.6.7. Only the last one names no time zone.
const httpDate =
  /^[A-Z][a-z]+(?:, \d{1,2}([ -])[A-Z][a-z]{2}\1\d{2,4} \d{2}:\d{2}:\d{2} GMT| [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4})$/;

// A condition with any other date is ignored. JavaScript would find a date in most texts, in local time.
function readDate(text: string | undefined): number | undefined {
  if (text === undefined || !httpDate.test(text)) return undefined;
  const time = Date.parse(text.endsWith("GMT") ? text : `${text} GMT`);
  return Number.isNaN(time) ? undefined : Math.floor(time / 1000);
}
