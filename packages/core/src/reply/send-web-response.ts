import { Readable } from "node:stream";
import { kContext, kContract, kObserved, kWritten } from "../exchange/internal.js";
import type { ServedResponse } from "../exchange/served.js";
import { buffer } from "../platform/builtins.js";
import { begin, claim, isAnswered, release, reportSecondReply } from "./answer.js";
import { binaryType } from "./body-type.js";
import { discardValue, sendStream } from "./send-stream.js";
import { writeReply } from "./write-reply.js";

type Reader = ReadableStreamDefaultReader<Uint8Array>;
type Part = Awaited<ReturnType<Reader["read"]>>;
type Headers = Record<string, string | string[]>;

/** Headers of one connection, which say nothing of another (RFC 9110 7.6.1). */
const hopByHop: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** What the `fetch` of Node decodes; from undici 7 on, which names itself among the versions, zstd too. */
const decoded: ReadonlySet<string> = new Set([
  "gzip",
  "x-gzip",
  "deflate",
  "br",
  ...(Number.parseInt(process.versions.undici ?? "0", 10) >= 7 ? ["zstd"] : []),
]);

/**
 * Whether a response that was made of a string has the type of a text, as the standard says. That of Bun has none, so
 * there a text cannot be told from other bytes by who made the response.
 */
const tellsType = new globalThis.Response("").headers.has("content-type");

/** Up to this many bytes, a body leaves in one write with its head. */
const longestText = 16_384;

/** Sends a web response: whole and with its length where the body is there already, else as a stream. */
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
  // A body that somebody reads already throws here.
  const reader = body.getReader() as Reader;
  if (res.req.method === "HEAD" || res[kContract] !== undefined) {
    sendStream(res, toReadable(reader, [], undefined), status, binaryType, headers);
    return;
  }
  claim(res);
  readAhead(reader, (parts, next) => {
    release(res);
    try {
      if (next !== undefined) sendStream(res, toReadable(reader, parts, next), status, binaryType, headers);
      else if (res.destroyed) return;
      else sendWhole(res, status, parts[0] ?? new Uint8Array(), headers);
    } catch (error) {
      res.req[kContext]?.fail(res.req, res, error);
    }
  });
}

/**
 * Reads what is there already: a body that was made of a string or of bytes is one part, and ends as soon as it was read.
 * Tells of what was read; and of the promise that is not settled yet, unless that is all.
 */
function readAhead(
  reader: Reader,
  tell: (parts: Uint8Array[], next: Promise<Part> | undefined) => void,
): void {
  const parts: Uint8Array[] = [];
  let next: Promise<Part>;
  let hasEnded = false;
  const read = (): void => {
    next = reader.read();
    next.then(
      ({ done, value }) => {
        hasEnded = done;
        if (done || parts.length > 0) return;
        parts.push(value);
        read();
      },
      // Who reads on is told.
      () => {},
    );
  };
  read();
  // By then, all that is there has come. From outside of a microtask, a tick would come before it.
  queueMicrotask(() => process.nextTick(() => tell(parts, hasEnded ? undefined : next)));
}

function toReadable(
  reader: Reader,
  parts: readonly Uint8Array[],
  first: Promise<Part> | undefined,
): Readable {
  let next = first;
  const stream = new Readable({
    read() {
      const part = next ?? reader.read();
      next = undefined;
      part.then(
        ({ done, value }) => void stream.push(done ? null : value),
        (error) => void stream.destroy(error as Error),
      );
    },
    destroy(error, done) {
      reader.cancel(error).then(
        () => done(error),
        () => done(error),
      );
    },
  });
  for (const part of parts) stream.push(part);
  return stream;
}

function sendEmpty(res: ServedResponse, status: number, headers: Headers): void {
  res[kContract]?.checkRaw(null, status);
  if (res.req.method === "HEAD" && headers["content-length"] !== undefined) {
    // The length is that of the body which a GET would have.
    begin(res, { status, headers });
    res.end();
    return;
  }
  delete headers["content-length"];
  writeReply(res, status, undefined, "", headers);
}

function sendWhole(res: ServedResponse, status: number, bytes: Uint8Array, headers: Headers): void {
  delete headers["content-length"];
  const isShort = bytes.byteLength <= longestText;
  const isBare =
    isShort &&
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
  res.end(Buffer.from(bytes.buffer, bytes.byteOffset, byteLength).toString("latin1"), "latin1");
}

/** The type of a body that has none. */
function toType(bytes: Uint8Array): string {
  return tellsType || !buffer.isUtf8(bytes) ? binaryType : "text/plain;charset=UTF-8";
}

/** The headers of a web response that are those of its answer here. */
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
  // One that `fetch` got tells of the body as it was sent, and has it decoded. One that was made here is as it says.
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
