import type { ServedRequest } from "../exchange/served.js";
import { namesTag } from "../reply/write-reply.js";

/** Whether the client's copy is still good (RFC 9110 13.2.2: the tag counts, and the date only without one). */
export function isFresh(req: ServedRequest, etag: string, modified: Date): boolean {
  const tags = req.headers["if-none-match"];
  if (tags !== undefined) {
    return namesTag(tags, etag);
  }
  const since = Date.parse(req.headers["if-modified-since"] ?? "");
  // Dates of HTTP have no milliseconds.
  return !Number.isNaN(since) && Math.floor(modified.getTime() / 1000) * 1000 <= since;
}
