import { kAnswered, kContract, kError } from "../exchange/internal.js";
import type { ServedResponse } from "../exchange/served.js";
import type { ReplyHeaders } from "../exchange/types.js";
import { tell } from "../log/logger.js";
import { maskTokens } from "../log/mask-tokens.js";
import { createTag, namesTag } from "./etag.js";

/** Whether an answer was begun, by whatever means. */
export function isAnswered(res: ServedResponse): boolean {
  // Whatever is piped into a stream listens for "unpipe" on it.
  return (
    res[kAnswered] || res.headersSent || res.writableEnded || res.destroyed || res.listenerCount("unpipe") > 0
  );
}

/** Takes the right to answer, once. The second taker gets false and a line in the log. */
export function claimAnswer(res: ServedResponse): boolean {
  if (!isAnswered(res)) {
    res[kAnswered] = true;
    return true;
  }
  reportSecondReply(res);
  return false;
}

function reportSecondReply(res: ServedResponse): void {
  if (res.destroyed) return;
  const { req } = res;
  req.logger.warn(
    "A second reply to %s %s was ignored: the first one is on its way.",
    req.method,
    maskTokens(req.url),
  );
}

/**
 * Sends a whole reply in one write, with its length.
 *
 * @param type The content type, unless the handler has set one.
 * @returns False when an answer was begun before: then nothing is done.
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
  res[kContract]?.check(status);
  const length = typeof body === "string" ? Buffer.byteLength(body) : body.byteLength;
  const tag = createTag(res, status, body, length);
  if (tag !== undefined && res.req.headers["if-none-match"] !== undefined) {
    if (namesTag(res.req.headers["if-none-match"], tag))
      return writeReply(res, 304, undefined, "", { ...headers, ETag: tag });
  }
  if (
    headers === undefined &&
    type !== undefined &&
    length > 0 &&
    tag === undefined &&
    status >= 200 &&
    status < 300 &&
    status !== 204 &&
    isBare(res)
  ) {
    res.writeHead(status, [
      "Content-Type",
      type,
      "Content-Length",
      length,
      "X-Content-Type-Options",
      "nosniff",
    ]);
    res[kAnswered] = true;
    endWith(res, body, length);
    return true;
  }
  prepareHead(res, status, type, headers);
  if (tag !== undefined && !res.hasHeader("ETag")) res.setHeader("ETag", tag);
  const empty = status === 204 || status === 304;
  if (!empty) res.setHeader("Content-Length", length);
  // It throws for a status message that no head can carry, and then something else has to be answered.
  res.writeHead(status);
  res[kAnswered] = true;
  if (empty) res.end();
  else endWith(res, body, length);
  return true;
}

// A text with as many bytes as characters is plain ASCII, which the socket need not encode.
function endWith(res: ServedResponse, body: string | Uint8Array, length: number): void {
  if (typeof body === "string") res.end(body, body.length === length ? "latin1" : "utf8");
  else res.end(body);
}

/** Puts the headers of a reply in place, and checks its status. The body may follow in any way. */
export function prepareHead(
  res: ServedResponse,
  status: number,
  type: string | undefined,
  headers: ReplyHeaders | undefined,
): void {
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new RangeError(`The status of a reply is a whole number from 200 to 599, not ${status}.`);
  }
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (value === undefined || value === null) continue;
    if (name.toLowerCase() === "set-cookie") res.appendHeader(name, toHeaderValue(value));
    else res.setHeader(name, toHeaderValue(value));
  }
  if (status === 204 || status === 304) {
    res.removeHeader("Content-Length");
  } else if (type !== undefined && !res.hasHeader("Content-Type")) {
    res.setHeader("Content-Type", type);
  }
  if (!res.hasHeader("X-Content-Type-Options")) res.setHeader("X-Content-Type-Options", "nosniff");
  if (status >= 500) logServerError(res, status);
}

/**
 * Logs a 5xx that goes out by Node's own methods, now or when it is complete. What the package writes itself is logged
 * with its head.
 */
export function watchStatus(res: ServedResponse): void {
  const look = (): void => {
    if (res.headersSent && res.statusCode >= 500) tell(() => logServerError(res, res.statusCode));
  };
  if (res.headersSent) look();
  else res.once("close", look);
}

/** Drops what a failed handler said about its body, and the words for its status. */
export function clearEntityHeaders(res: ServedResponse): void {
  res.statusMessage = "";
  for (const name of res.getHeaderNames()) {
    if (
      name.startsWith("content-") ||
      name === "etag" ||
      name === "last-modified" ||
      name === "cache-control"
    ) {
      res.removeHeader(name);
    }
  }
}

function isBare(res: ServedResponse): boolean {
  return res.getHeaderNames().length === 0;
}

function toHeaderValue(value: string | number | readonly string[]): string | string[] {
  return typeof value === "object" ? [...value] : String(value);
}

// The few that were told of.
const logged = new WeakSet<ServedResponse>();

function logServerError(res: ServedResponse, status: number): void {
  if (logged.has(res)) return;
  logged.add(res);
  const { req } = res;
  const error = res[kError];
  if (error === undefined)
    req.logger.error("%s %s answered %d [%s]", req.method, maskTokens(req.url), status, req.uuid);
  else req.logger.error("%s %s answered %d [%s]", req.method, maskTokens(req.url), status, req.uuid, error);
}
