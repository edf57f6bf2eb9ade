import { kClaimed, kError, kObserved, kObserving, kPolicy } from "../exchange/internal.js";
import type { ServedResponse } from "../exchange/served.js";
import type { ReplyHeaders } from "../exchange/types.js";
import { tell } from "../log/logger.js";
import { maskTokens } from "../log/mask-tokens.js";

/**
 * The state of an answer. The response itself knows whether its head is settled and whether it has ended, even if other
 * code caused this. The package adds only the claim, so there is no second state that could differ.
 *
 * - `open`: no code answers.
 * - `claimed`: some code answers, and can still give up: no byte has left, and headers may change.
 * - `begun`: the head is settled. From here on the answer can only be completed or cut.
 * - `ended`: the whole answer was passed to the connection, or the connection is gone.
 */
export type AnswerState = "open" | "claimed" | "begun" | "ended";

/** Returns the state of an answer. */
export function readState(res: ServedResponse): AnswerState {
  if (res.writableEnded || res.destroyed || res[kObserved]?.hasEnded === true) return "ended";
  if (res.headersSent) return "begun";
  return isAnswered(res) ? "claimed" : "open";
}

/** Decides whether an observer of large answers sees this one, after the length of a whole body is known. */
export function settleObserver(res: ServedResponse, status: number, length: number): void {
  const pending = res[kObserving];
  if (pending === undefined) return;
  // A 304 has no body, but the resource may be large.
  if (length < pending.least && status !== 304) res[kObserving] = undefined;
  else pending.start(res);
}

/** Whether some code already answers, in any way: the state is not `open`. */
export function isAnswered(res: ServedResponse): boolean {
  // A stream that is piped into the response listens for its event "unpipe".
  return (
    res[kClaimed] || res.headersSent || res.writableEnded || res.destroyed || res.listenerCount("unpipe") > 0
  );
}

/** Whether the package answers, and not a handler with Node's methods. */
export function isOwn(res: ServedResponse): boolean {
  return res[kClaimed];
}

/** Changes `open` to `claimed`. If other code answers, it returns false and writes a line to the log. */
export function claim(res: ServedResponse): boolean {
  if (isAnswered(res)) {
    reportSecondReply(res);
    return false;
  }
  res[kClaimed] = true;
  return true;
}

/**
 * Changes `claimed` to `open`: the code that claimed the answer gives it up. An answer that has begun stays as it is.
 */
export function release(res: ServedResponse): void {
  if (!res.headersSent) res[kClaimed] = false;
}

/**
 * Claims the answer finally, in any state: other code now owns the connection, or the connection can no longer be used.
 */
export function seize(res: ServedResponse): void {
  res[kClaimed] = true;
}

/** The head of a reply of the package. */
export interface ReplyHead {
  readonly status: number;
  /** The content type, unless the handler has set one. */
  readonly type?: string | undefined;
  readonly headers?: ReplyHeaders | undefined;
  /** An entity tag, unless the handler has set one. */
  readonly tag?: string | undefined;
  /** The length of the body in bytes, if it is known. */
  readonly length?: number | undefined;
}

/**
 * `open` or `claimed` to `begun`: settles the head. If a header or the status cannot be sent, it throws, and the state
 * is `open` again.
 */
export function begin(res: ServedResponse, head: ReplyHead): void {
  try {
    prepareHead(res, head);
    // It throws if a head cannot contain the status message. Then another answer must be sent.
    res.writeHead(head.status);
  } catch (error) {
    release(res);
    throw error;
  }
  res[kClaimed] = true;
}

/** Sets the headers of a reply, and checks its status. The first byte of the body settles the head. */
export function prepareHead(res: ServedResponse, { status, type, headers, tag, length }: ReplyHead): void {
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new RangeError(`The status of a reply must be a whole number from 200 to 599, not ${status}.`);
  }
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (value === undefined || value === null) continue;
    if (name.toLowerCase() === "set-cookie") res.appendHeader(name, toHeaderValue(value));
    else res.setHeader(name, toHeaderValue(value));
  }
  const isEmpty = status === 204 || status === 304;
  if (isEmpty) res.removeHeader("Content-Length");
  else if (type !== undefined && !res.hasHeader("Content-Type")) res.setHeader("Content-Type", type);
  if (!res.hasHeader("X-Content-Type-Options")) res.setHeader("X-Content-Type-Options", "nosniff");
  if (status >= 500) logServerError(res, status);
  if (res[kPolicy]?.nonce !== undefined) res.removeHeader("ETag");
  if (tag !== undefined && !res.hasHeader("ETag")) res.setHeader("ETag", tag);
  if (length !== undefined && !isEmpty) res.setHeader("Content-Length", length);
}

/**
 * Removes the headers about the body of a failed handler, and its status message. Headers that protect any answer stay.
 */
export function clearEntityHeaders(res: ServedResponse): void {
  res.statusMessage = "";
  for (const name of res.getHeaderNames()) if (isOfEntity(res, name)) res.removeHeader(name);
}

/** Headers about the body of one answer, beside those that begin with `content-`. */
const ofBodies: ReadonlySet<string> = new Set(["etag", "last-modified", "trailer", "transfer-encoding"]);

function isOfEntity(res: ServedResponse, name: string): boolean {
  if (name === "cache-control") return !/\bno-store\b/i.test(String(res.getHeader(name)));
  if (name.startsWith("content-")) return !name.startsWith("content-security-policy");
  return ofBodies.has(name);
}

/** Whether it is too late for headers: the answer is complete, or its head came from the package and has left. */
export function isSettled(res: ServedResponse): boolean {
  return res.writableEnded || (res[kClaimed] && res.headersSent);
}

const held = new WeakSet<ServedResponse>();

/**
 * Handles a call that comes after the answer, for example by a handler in whose place 503 was answered. Node reports
 * such a call with an error event of the response, which would end the process.
 */
export function holdLate(res: ServedResponse): void {
  if (held.has(res)) return;
  held.add(res);
  res.on("error", () => {});
  reportSecondReply(res);
}

/** Logs that a handler replied after another reply. */
export function reportSecondReply(res: ServedResponse): void {
  if (res.destroyed) return;
  const { req } = res;
  req.logger.warn(
    "A second reply to %s %s was ignored: the first one is on its way.",
    req.method,
    maskTokens(req.url),
  );
}

/**
 * Logs a 5xx that is sent with Node's own methods, now or when it is complete. The package logs its own answers
 * together with their heads.
 */
export function watchStatus(res: ServedResponse): void {
  const look = (): void => {
    if (res.headersSent && res.statusCode >= 500) tell(() => logServerError(res, res.statusCode));
  };
  if (res.headersSent) look();
  else res.once("close", look);
}

function toHeaderValue(value: string | number | readonly string[]): string | string[] {
  return typeof value === "object" ? [...value] : String(value);
}

// The few responses whose 5xx is already logged.
const logged = new WeakSet<ServedResponse>();

/** Keeps an answer with a 5xx out of the log, because it is not an error of this server. */
export function expectServerError(res: ServedResponse): void {
  logged.add(res);
}

function logServerError(res: ServedResponse, status: number): void {
  if (logged.has(res)) return;
  logged.add(res);
  const { req } = res;
  const error = res[kError];
  if (error === undefined)
    req.logger.error("%s %s answered %d [%s]", req.method, maskTokens(req.url), status, req.uuid);
  else req.logger.error("%s %s answered %d [%s]", req.method, maskTokens(req.url), status, req.uuid, error);
}
