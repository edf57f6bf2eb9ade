import type { Readable } from "node:stream";
import { toBytes } from "../exchange/bytes.js";
import { kContext, kContract, kObserved, kWritten } from "../exchange/internal.js";
import type { ServedResponse } from "../exchange/served.js";
import { describe } from "../options/check-options.js";
import { buffer } from "../platform/builtins.js";
import { begin, claim, isAnswered, release, reportSecondReply } from "./answer.js";
import { binaryType } from "./body-type.js";
import { discardValue, readParts, sendStream } from "./send-stream.js";
import { endWith, writeReply } from "./write-reply.js";

type Reader = ReadableStreamDefaultReader<unknown>;
type Part = Awaited<ReturnType<Reader["read"]>>;
type Headers = Record<string, string | string[]>;

/** Headers that belong to one connection only (RFC 9110 7.6.1). */
const hopByHop: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * The codings that the `fetch` of Node decodes. From undici 7 on these include zstd; its version is among the versions
 * of the process.
 */
const decoded: ReadonlySet<string> = new Set([
  "gzip",
  "x-gzip",
  "deflate",
  "br",
  ...(Number.parseInt(process.versions.undici ?? "0", 10) >= 7 ? ["zstd"] : []),
]);

/**
 * Whether a response that was made from a string has a content type for text, as the standard requires. In Bun it has
 * none, so text cannot be distinguished from other bytes there.
 */
const tellsType = new globalThis.Response("").headers.has("content-type");

/**
 * Sends a web response. If its body is already there, the body is sent whole, with its length. Otherwise it is
 * streamed.
 */
export function sendWebResponse(res: ServedResponse, response: globalThis.Response): void {
  if (isAnswered(res)) {
    discardValue(res.req, response);
    reportSecondReply(res);
    return;
  }
  const headers = toHeaders(response);
  const { body, status } = response;
  if (body === null) {
    sendEmpty(res, status, headers);
    return;
  }
  // If other code already reads the body, this throws.
  const reader = body.getReader() as Reader;
  if (res.req.method === "HEAD" || res[kContract] !== undefined) {
    sendStream(res, toReadable(reader, []), status, binaryType, headers);
    return;
  }
  claim(res);
  readAhead(reader, (parts, next) => {
    release(res);
    try {
      if (next !== undefined)
        sendStream(res, toReadable(reader, [...parts, next]), status, binaryType, headers);
      else if (res.destroyed) return;
      else sendWhole(res, status, parts[0] === undefined ? new Uint8Array() : toBody(parts[0]), headers);
    } catch (error) {
      res.req[kContext]?.fail(res.req, res, error);
    }
  });
}

/**
 * Reads the parts of a body that are already there. A body of a string or of bytes is one part, and ends directly after
 * it. The callback gets these parts, and the promise of the next part unless the body has ended.
 */
function readAhead(
  reader: Reader,
  tell: (parts: readonly Part[], next: Promise<Part> | undefined) => void,
): void {
  const parts: Part[] = [];
  let next: Promise<Part>;
  let hasEnded = false;
  const read = (): void => {
    next = reader.read();
    next.then(
      (part) => {
        hasEnded = part.done;
        if (part.done || parts.length > 0) return;
        parts.push(part);
        read();
      },
      // The code that continues to read gets the error.
      () => {},
    );
  };
  read();
  // At that time, every available part has arrived. Outside of a microtask, a tick would run before it.
  queueMicrotask(() => process.nextTick(() => tell(parts, hasEnded ? undefined : next)));
}

/** @param first The parts that were read before. */
function toReadable(reader: Reader, first: (Part | Promise<Part>)[]): Readable {
  return readParts({
    async next() {
      const part = await (first.shift() ?? reader.read());
      return part.done ? part : { value: toBody(part) };
    },
    close: (reason) => reader.cancel(reason),
  });
}

// The standard knows only bytes. A string can mean only one thing, but any other value is a mistake.
function toBody({ value }: Part): Uint8Array {
  const bytes = typeof value === "string" ? Buffer.from(value) : toBytes(value);
  if (bytes === undefined)
    throw new TypeError(
      `The body of a Response has a part that is ${describe(value)}: send strings and bytes.`,
    );
  return bytes;
}

function sendEmpty(res: ServedResponse, status: number, headers: Headers): void {
  res[kContract]?.checkRaw(null, status);
  if (res.req.method === "HEAD" && headers["content-length"] !== undefined) {
    // The length is the length of the body for a GET.
    begin(res, { status, headers });
    res.end();
    return;
  }
  delete headers["content-length"];
  writeReply(res, status, undefined, "", headers);
}

function sendWhole(res: ServedResponse, status: number, bytes: Uint8Array, headers: Headers): void {
  delete headers["content-length"];
  const isBare =
    bytes.byteLength > 0 &&
    status < 400 &&
    res[kObserved] === undefined &&
    res.req[kContext]?.createTag === undefined &&
    res.getHeaderNames().length === 0;
  if (!isBare) {
    writeReply(res, status, toType(bytes), bytes, headers);
    return;
  }
  claim(res);
  const { byteLength } = bytes;
  const lines: (string | number | string[])[] = [];
  for (const name in headers) lines.push(name, headers[name] as string | string[]);
  if (headers["content-type"] === undefined) lines.push("Content-Type", toType(bytes));
  if (headers["x-content-type-options"] === undefined) lines.push("X-Content-Type-Options", "nosniff");
  lines.push("Content-Length", byteLength);
  res[kWritten] = -1;
  try {
    res.writeHead(status, lines as []);
  } catch (error) {
    release(res);
    throw error;
  }
  endWith(res, bytes, byteLength);
}

/** Returns the type of a body without a content type. */
function toType(bytes: Uint8Array): string {
  return tellsType || !buffer.isUtf8(bytes) ? binaryType : "text/plain;charset=UTF-8";
}

/** Returns the headers of a web response that belong to its answer here. */
function toHeaders(response: globalThis.Response): Headers {
  const headers: Headers = {};
  for (const [name, value] of response.headers) {
    if (name === "set-cookie") headers[name] = [...((headers[name] as string[] | undefined) ?? []), value];
    else headers[name] = value;
  }
  const { connection } = headers;
  if (connection !== undefined) for (const name of splitList(connection as string)) delete headers[name];
  for (const name in headers) if (hopByHop.has(name)) delete headers[name];
  const encoding = headers["content-encoding"];
  // A response of `fetch` describes the body as it was sent, but `fetch` has decoded it. A response that was made here
  // describes its body correctly.
  if (encoding !== undefined && response.body !== null && response.type !== "default") {
    const codings = splitList(encoding as string);
    if (codings.length > 0 && codings.every((one) => decoded.has(one))) {
      delete headers["content-encoding"];
      delete headers["content-length"];
    }
  }
  return headers;
}

function splitList(value: string): string[] {
  return value
    .split(",")
    .map((one) => one.trim().toLowerCase())
    .filter((one) => one !== "");
}
