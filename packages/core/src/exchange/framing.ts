import { tell } from "../log/logger.js";
import { maskTokens } from "../log/mask-tokens.js";
import { setHeaders } from "./head-headers.js";
import { kWritten } from "./internal.js";
import type { ServedResponse } from "./served.js";

/** A response whose head may promise a length. */
export interface MeasuredResponse extends ServedResponse {
  /**
   * The length in `Content-Length`, as Node parsed it when the head was settled: a number, or NaN if it is malformed.
   */
  readonly _contentLength?: number | null;
}

/**
 * Counts a part of the body. If the body becomes longer than the head promised, it cuts the connection and returns
 * false. Otherwise the client would read the end of this answer as the beginning of the next one (RFC 9112 6.3).
 */
export function countPart(res: MeasuredResponse, chunk: unknown, encoding: unknown): boolean {
  if (typeof chunk !== "string" && !(chunk instanceof Uint8Array)) return true;
  if (!res.headersSent) res._implicitHeader();
  const promised = readPromised(res);
  if (promised === undefined) return true;
  res[kWritten] += measure(chunk, encoding);
  if (res[kWritten] <= promised) return true;
  refuseLength(res, promised, `at least ${res[kWritten]}`);
  return false;
}

/**
 * Counts the last part of the body. If the length is not the promised one, it cuts the connection and returns false.
 */
export function countEnd(res: MeasuredResponse, chunk: unknown, encoding: unknown): boolean {
  const length = typeof chunk === "string" || chunk instanceof Uint8Array ? measure(chunk, encoding) : 0;
  if (!res.headersSent) {
    settleLength(res, length);
    return true;
  }
  const promised = readPromised(res);
  if (promised === undefined) return true;
  const total = res[kWritten] + length;
  if (total === promised) return true;
  refuseLength(res, promised, String(total));
  return false;
}

/** Whether a body follows the head of an answer. */
export function sendsBody(res: ServedResponse): boolean {
  return res.req.method !== "HEAD" && res.statusCode !== 204 && res.statusCode !== 304;
}

// The whole body is known before the head has left, so the app can still correct the length.
function settleLength(res: ServedResponse, length: number): void {
  const given = res.getHeader("Content-Length");
  if (given === undefined || !sendsBody(res) || String(given) === String(length)) return;
  report(res, String(given), String(length));
  res.setHeader("Content-Length", length);
  res.shouldKeepAlive = false;
}

function readPromised(res: MeasuredResponse): number | undefined {
  const promised = res._contentLength;
  return typeof promised === "number" && !res.chunkedEncoding && sendsBody(res) ? promised : undefined;
}

function refuseLength(res: ServedResponse, promised: number, sent: string): void {
  report(res, String(promised), sent);
  res.destroy();
}

function report(res: ServedResponse, promised: string, sent: string): void {
  const { req } = res;
  tell(() =>
    req.logger.error(
      "The answer to %s %s promised a Content-Length of %s, but its body has %s bytes: the connection is closed. Leave the header out, or give the length of the body [%s]",
      req.method,
      maskTokens(req.url),
      promised,
      sent,
      req.uuid,
    ),
  );
}

function measure(chunk: string | Uint8Array, encoding: unknown): number {
  return typeof chunk === "string"
    ? Buffer.byteLength(chunk, typeof encoding === "string" ? (encoding as BufferEncoding) : "utf8")
    : chunk.byteLength;
}

/**
 * Makes sure that the client and the server agree where an answer ends, even if its headers contradict each other. It
 * is used for heads that a handler has changed.
 *
 * @param given The headers that `writeHead` got, beside the headers of the response.
 * @returns The headers that Node still has to get.
 */
export function settleFraming(res: ServedResponse, status: number, given: unknown): unknown {
  let rest = given;
  if (namesFraming(given)) {
    setHeaders(res, given);
    rest = undefined;
  }
  if (status < 200 && (status !== 101 || res.req.headers.upgrade === undefined)) refuseInterim(status);
  const isEmpty = status === 204 || status === 304;
  if (status === 204) res.removeHeader("Content-Length");
  if (res.hasHeader("Transfer-Encoding")) {
    const coding = String(res.getHeader("Transfer-Encoding"));
    // A client of HTTP/1.0 reads until the connection is closed.
    if (isEmpty || res.req.httpVersionMinor === 0) res.removeHeader("Transfer-Encoding");
    else if (/(?:^|[\s,])chunked\s*$/i.test(coding)) res.removeHeader("Content-Length");
    else res.shouldKeepAlive = false;
  }
  // Node refuses to write such a head, and the error would have the same header.
  if (res.hasHeader("Trailer") && (isEmpty || !mayBeChunked(res))) res.removeHeader("Trailer");
  // Node would read a `Connection` header as a wish to keep the connection open.
  const connection = res.shouldKeepAlive ? undefined : res.getHeader("Connection");
  if (connection !== undefined && !/(?:^|[\s,])close(?:$|[\s,])/i.test(String(connection))) {
    res.setHeader("Connection", "close");
  }
  return rest;
}

/** Whether a body follows in chunks, if its status permits a body. Only then can trailers follow. */
function mayBeChunked(res: ServedResponse): boolean {
  return (
    res.req.method !== "HEAD" &&
    res.req.httpVersionMinor > 0 &&
    (res.hasHeader("Transfer-Encoding") || !res.hasHeader("Content-Length"))
  );
}

/**
 * Refuses to end an answer with a status below 200. The client goes on to wait after it, and would take the next answer
 * for the answer to this request.
 */
export function refuseInterim(status: number): never {
  throw new RangeError(
    `An answer cannot end with the status ${status}. For interim answers use res.writeEarlyHints, res.writeProcessing or res.writeContinue.`,
  );
}

const framing: ReadonlySet<string> = new Set(["transfer-encoding", "content-length", "connection"]);

function namesFraming(given: unknown): boolean {
  if (typeof given !== "object" || given === null) return false;
  if (!Array.isArray(given)) return Object.keys(given).some(isFraming);
  return given.some((one, index) =>
    Array.isArray(one) ? isFraming(one[0]) : index % 2 === 0 && isFraming(one),
  );
}

function isFraming(name: unknown): boolean {
  return framing.has(String(name).toLowerCase());
}
