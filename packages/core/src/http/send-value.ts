import { pipeline, Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { maskTokens } from "../log/mask-tokens.js";
import { binaryType, htmlType, jsonType, textType } from "./body-type.js";
import { kAnswered, kContext, kContract } from "./internal.js";
import { Reply } from "./reply.js";
import type { NodeRequest } from "./request.js";
import type { NodeResponse } from "./response.js";
import type { ReplyHeaders } from "./types.js";
import { claimAnswer, isAnswered, prepareHead, toJSONText, writeReply } from "./write-reply.js";

/** Sends what a handler returned. The promise, where there is one, is that of a renderer. */
export function sendValue(req: NodeRequest, res: NodeResponse, value: unknown): void | Promise<void> {
  if (value instanceof Reply) return sendBody(req, res, value.body ?? null, value.status, value.headers);
  if (isWebResponse(value)) return sendWebResponse(res, value);
  if (value === null || value === undefined) {
    writeReply(res, res.statusCode === 200 ? 204 : res.statusCode, undefined, "", undefined);
    return undefined;
  }
  return sendBody(req, res, value, res.statusCode, undefined);
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
  req: NodeRequest,
  res: NodeResponse,
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
  const text = toJSONText(contract === undefined ? value : contract.filter(value, status));
  writeReply(res, status, jsonType, text, headers);
  return undefined;
}

function sendHTML(res: NodeResponse, html: string, status: number, headers: ReplyHeaders | undefined): void {
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
  res: NodeResponse,
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

function sendWebResponse(res: NodeResponse, response: globalThis.Response): void {
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
