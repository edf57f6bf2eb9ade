import { pipeline, Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { maskTokens } from "../log/mask-tokens.js";
import { binaryType, htmlType, jsonType, textType, toJSONText } from "./body-type.js";
import { kAnswered, kContext, kContract, kDetails } from "./internal.js";
import { Reply } from "./reply.js";
import type { ServedRequest, ServedResponse } from "./served.js";
import type { ReplyHeaders, ResponseState } from "./types.js";
import { claimAnswer, isAnswered, prepareHead, writeReply } from "./write-reply.js";

/** Sends what a handler returned. The promise, where there is one, is that of a renderer. */
export function sendValue(req: ServedRequest, res: ServedResponse, value: unknown): void | Promise<void> {
  if (value instanceof Reply) return sendBody(req, res, value.body ?? null, value.status, value.headers);
  if (isWebResponse(value)) return sendWebResponse(res, value);
  const state = req[kDetails]?.responseState;
  if (state !== undefined) applyState(res, state);
  if (value === null || value === undefined) {
    sendNothing(res);
    return undefined;
  }
  return sendBody(req, res, value, res.statusCode, undefined);
}

// What the handler set on the response itself comes first.
function applyState(res: ServedResponse, { status, headers }: ResponseState): void {
  if (isAnswered(res)) return;
  if (res.statusCode === 200) res.statusCode = status;
  for (const [name, value] of headers) {
    if (name === "set-cookie") res.appendHeader(name, value);
    else if (!res.hasHeader(name)) res.setHeader(name, value);
  }
}

// A route that declares its body may have said that this is `null`; only without a word of it, or with a 204 on its
// list, is it no body at all.
function sendNothing(res: ServedResponse): void {
  const contract = res[kContract];
  const status = res.statusCode;
  if (contract?.hasBody === true && status !== 204 && !contract.lists(204)) {
    writeReply(res, status, jsonType, contract.write(null, status), undefined);
  } else {
    writeReply(res, status === 200 ? 204 : status, undefined, "", undefined);
  }
}

/** Whether a value is a web `Response`. */
export function isWebResponse(value: unknown): value is globalThis.Response {
  return hasTag(value, "Response") && value instanceof globalThis.Response;
}

// By the tag first: to name a web class loads its whole implementation, which most servers never need.
function hasTag(value: unknown, tag: string): boolean {
  return typeof value === "object" && value !== null && (value as Tagged)[Symbol.toStringTag] === tag;
}

interface Tagged {
  readonly [Symbol.toStringTag]?: unknown;
}

function isBlob(value: unknown): value is Blob {
  return (hasTag(value, "Blob") || hasTag(value, "File")) && value instanceof Blob;
}

function isWebStream(value: unknown): value is NodeReadableStream {
  return hasTag(value, "ReadableStream") && value instanceof globalThis.ReadableStream;
}

function sendBody(
  req: ServedRequest,
  res: ServedResponse,
  value: unknown,
  status: number,
  headers: ReplyHeaders | undefined,
): void | Promise<void> {
  if (typeof value === "string") {
    const contract = res[kContract];
    const text = contract === undefined ? value : String(contract.filter(value, status));
    writeReply(res, status, textType, text, headers);
    return undefined;
  }
  if (typeof value === "object" && value !== null) {
    if (value instanceof Uint8Array) {
      writeReply(res, status, binaryType, value, headers);
      return undefined;
    }
    if (value instanceof ArrayBuffer) {
      writeReply(res, status, binaryType, new Uint8Array(value), headers);
      return undefined;
    }
    const stream = toStream(value);
    if (stream !== undefined) {
      sendStream(res, stream, status, isBlob(value) && value.type !== "" ? value.type : binaryType, headers);
      return undefined;
    }
    const renderer = req[kContext]?.renderer;
    if (renderer?.test(value) === true) {
      const html = renderer.render(value, req, res);
      if (typeof html !== "string") return html.then((text) => sendHTML(res, text, status, headers));
      sendHTML(res, html, status, headers);
      return undefined;
    }
  }
  if (value === null) {
    writeReply(res, status, undefined, "", headers);
    return undefined;
  }
  const contract = res[kContract];
  const text = contract === undefined ? toJSONText(value) : contract.write(value, status);
  writeReply(res, status, jsonType, text, headers);
  return undefined;
}

function sendHTML(
  res: ServedResponse,
  html: string,
  status: number,
  headers: ReplyHeaders | undefined,
): void {
  const page = /^\s*<html[\s>]/i.test(html) ? `<!DOCTYPE html>\n${html}` : html;
  writeReply(res, status, htmlType, page, headers);
}

function toStream(value: object): Readable | undefined {
  if (value instanceof Readable) return value;
  if (isBlob(value)) return Readable.fromWeb(value.stream() as NodeReadableStream);
  if (isWebStream(value)) return Readable.fromWeb(value);
  if (Symbol.asyncIterator in value) return Readable.from(toBytes(value as AsyncIterable<unknown>));
  return undefined;
}

async function* toBytes(source: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    yield chunk instanceof Uint8Array
      ? chunk
      : Buffer.from(typeof chunk === "string" ? chunk : toJSONText(chunk));
  }
}

/** Streams a body with backpressure. An error on either side ends the connection, so that no half answer looks whole. */
export function sendStream(
  res: ServedResponse,
  stream: Readable,
  status: number,
  type: string,
  headers: ReplyHeaders | undefined,
): void {
  if (!claimAnswer(res)) {
    stream.destroy();
    return;
  }
  res[kAnswered] = false;
  res[kContract]?.check(status);
  prepareHead(res, status, type, headers);
  res[kAnswered] = true;
  res.statusCode = status;
  if (res.req.method === "HEAD" || status === 204 || status === 304) {
    stream.destroy();
    res.end();
    return;
  }
  pipeline(stream, res, (error) => {
    if (error && (error as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") {
      const { req } = res;
      req.logger.error("The stream that answers %s %s failed.", req.method, maskTokens(req.url), error);
    }
  });
}

function sendWebResponse(res: ServedResponse, response: globalThis.Response): void {
  if (isAnswered(res)) {
    claimAnswer(res);
    return;
  }
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of response.headers) if (name !== "set-cookie") headers[name] = value;
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) headers["set-cookie"] = cookies;
  if (response.body === null) {
    writeReply(res, response.status, undefined, "", headers);
    return;
  }
  sendStream(
    res,
    Readable.fromWeb(response.body as NodeReadableStream),
    response.status,
    binaryType,
    headers,
  );
}
