import { toBuffer } from "../exchange/bytes.js";
import { kClaimed, kContext, kContract, kObserved, kWritten } from "../exchange/internal.js";
import type { ServedResponse } from "../exchange/served.js";
import type { ReplyHeaders } from "../exchange/types.js";
import { begin, isAnswered, reportSecondReply, settleObserver } from "./answer.js";

/**
 * Sends a whole reply in one write, with its length.
 *
 * @param type The content type, unless the handler has set one.
 * @returns False if an answer had already begun: then nothing is done.
 */
export function writeReply(
  res: ServedResponse,
  status: number,
  type: string | undefined,
  body: string | Uint8Array,
  headers: ReplyHeaders | undefined,
): boolean {
  if (isAnswered(res)) {
    reportSecondReply(res);
    return false;
  }
  // RFC 9110 15.3.6: a client would take the content for the beginning of the next answer.
  if (status === 205 && body.length > 0) return writeReply(res, status, undefined, "", headers);
  res[kContract]?.check(status);
  const length = typeof body === "string" ? Buffer.byteLength(body) : body.byteLength;
  const tag = res.req[kContext]?.createTag?.(res, status, body, length, headers);
  const known = tag === undefined ? undefined : res.req.headers["if-none-match"];
  if (tag !== undefined && known !== undefined && namesTag(known, tag)) {
    return writeReply(res, 304, undefined, "", { ...withoutType(headers), ETag: tag });
  }
  settleObserver(res, status, length);
  if (
    headers === undefined &&
    type !== undefined &&
    length > 0 &&
    tag === undefined &&
    status >= 200 &&
    status < 300 &&
    status !== 204 &&
    res[kObserved] === undefined &&
    res.getHeaderNames().length === 0
  ) {
    res[kWritten] = -1;
    // The same head as in `begin`, without a check of each header.
    res.writeHead(status, [
      "Content-Type",
      type,
      "Content-Length",
      length,
      "X-Content-Type-Options",
      "nosniff",
    ]);
    res[kClaimed] = true;
    endWith(res, body, length);
    return true;
  }
  const isEmpty = status === 204 || status === 304;
  if (!isEmpty) res[kObserved]?.expect(body);
  begin(res, { status, type, headers, tag, length });
  res[kWritten] = -1;
  if (isEmpty) res.end();
  else endWith(res, body, length);
  return true;
}

function withoutType(headers: ReplyHeaders | undefined): ReplyHeaders {
  const pairs = Object.entries(headers ?? {});
  return Object.fromEntries(pairs.filter(([name]) => !/^(?:content-(?:type|encoding)|etag)$/i.test(name)));
}

/** Bytes up to this size are sent as a string. Above it, the conversion takes longer than a second part of a write. */
const longestText = 2048;

// A string with as many bytes as characters contains only ASCII, so the socket need not encode it.
export function endWith(res: ServedResponse, body: string | Uint8Array, length: number): void {
  if (typeof body === "string") res.end(body, body.length === length ? "latin1" : "utf8");
  else if (length > longestText) res.end(body);
  // Node.js joins a string with the head.
  else res.end(toBuffer(body).toString("latin1"), "latin1");
}

/** Whether an `If-None-Match` contains a tag (RFC 9110 13.1.2: weak comparison). A tag may contain commas. */
export function namesTag(header: string, tag: string): boolean {
  const own = tag.replace(/^W\//, "");
  if (header.trim() === "*") return true;
  // Handlers may set a tag without its quotes, and clients send it back as it was.
  const named = own.startsWith('"') ? (header.match(/"[^"]*"/g) ?? []) : header.split(",");
  return named.some((one) => one.trim().replace(/^W\//, "") === own);
}
