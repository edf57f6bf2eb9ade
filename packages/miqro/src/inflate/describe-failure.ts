import { messageOf } from "../errors.js";
import { describeThrown, firstFrame } from "../service/load-module.js";

/** Describes how a request for a page failed, with the line of the source that threw an exception. */
export function describeFailure(what: string, status: number, error: unknown): string {
  if (error === undefined) return `${what} answered ${status}. A page of a static site answers 200.`;
  const where = error instanceof Error ? firstFrame(error) : undefined;
  const place = where === undefined ? "" : ` (${where})`;
  const thrown = error instanceof Error ? describeThrown(error) : messageOf(error);
  // A part of a page can fail although the rest of the page was answered.
  const how = status < 400 ? "failed" : `failed with ${status}`;
  return `${what} ${how}: ${thrown}${place}`;
}
