import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { kAnswered, kContext, kContract, kDetails } from "../exchange/internal.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import type { ReplyHeaders, ResponseState } from "../exchange/types.js";
import { binaryType, htmlType, jsonType, textType, toJSONText } from "./body-type.js";
import { Reply } from "./reply.js";
import { claimAnswer, isAnswered, prepareHead, writeReply } from "./write-reply.js";

/** Sends what a handler returned. The promise, where there is one, is that of a renderer. Throws what is an error. */
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
    const bytes = toBytes(value);
    if (bytes !== undefined) {
      res[kContract]?.checkRaw(value, status);
      writeReply(res, status, binaryType, bytes, headers);
      return undefined;
    }
    // Its fields are for the log at most.
    if (value instanceof Error) throw value;
    const stream = toStream(value);
    if (stream !== undefined) {
      sendStream(res, stream, status, isBlob(value) && value.type !== "" ? value.type : binaryType, headers);
      return undefined;
    }
    const renderer = req[kContext]?.renderer;
    if (renderer?.test(value) === true) {
      const html = renderer.render(value, req, res);
      if (typeof html !== "string") return sendRendered(res, html, status, headers);
      sendHTML(res, html, status, headers);
      return undefined;
    }
  }
  const contract = res[kContract];
  if (value === null && !(contract?.hasBody === true && contract.lists(status) && hasContent(status))) {
    writeReply(res, status, undefined, "", headers);
    return undefined;
  }
  const text = contract === undefined ? toJSONText(value) : contract.write(value, status);
  writeReply(res, status, jsonType, text, headers);
  return undefined;
}

// The answer is taken at once, so that nothing else answers while it is being rendered.
async function sendRendered(
  res: ServedResponse,
  html: PromiseLike<string>,
  status: number,
  headers: ReplyHeaders | undefined,
): Promise<void> {
  const isTaken = claimAnswer(res);
  try {
    const text = await html;
    if (!isTaken) return;
    if (!res.headersSent) res[kAnswered] = false;
    sendHTML(res, text, status, headers);
  } catch (error) {
    if (isTaken && !res.headersSent) res[kAnswered] = false;
    throw error;
  }
}

function hasContent(status: number): boolean {
  return status !== 204 && status !== 205;
}

function sendHTML(
  res: ServedResponse,
  html: string,
  status: number,
  headers: ReplyHeaders | undefined,
): void {
  const contract = res[kContract];
  const page = /^\s*<html[\s>]/i.test(html) ? `<!DOCTYPE html>\n${html}` : html;
  writeReply(
    res,
    status,
    htmlType,
    contract === undefined ? page : String(contract.filter(page, status)),
    headers,
  );
}

function toBytes(value: object): Uint8Array | undefined {
  if (ArrayBuffer.isView(value)) {
    return value instanceof Uint8Array
      ? value
      : new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  return value instanceof ArrayBuffer ? new Uint8Array(value) : undefined;
}

function toStream(value: object): Readable | undefined {
  if (value instanceof Readable) return value;
  if (isBlob(value)) return Readable.fromWeb(value.stream() as NodeReadableStream);
  if (isWebStream(value)) return Readable.fromWeb(value);
  if (Symbol.asyncIterator in value) return Readable.from(toChunks(value as AsyncIterable<unknown>));
  return undefined;
}

async function* toChunks(source: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    yield chunk instanceof Uint8Array
      ? chunk
      : Buffer.from(typeof chunk === "string" ? chunk : toJSONText(chunk));
  }
}

/**
 * Streams a body with backpressure. An error on either side ends the connection, so that no half answer looks whole;
 * one that comes before the first byte is answered.
 */
export function sendStream(
  res: ServedResponse,
  stream: Readable,
  status: number,
  type: string,
  headers: ReplyHeaders | undefined,
): void {
  if (!claimAnswer(res)) {
    discardStream(stream);
    return;
  }
  res[kAnswered] = false;
  try {
    res[kContract]?.check(status);
    res[kContract]?.checkRaw(stream, status);
    prepareHead(res, status, type, headers);
  } catch (error) {
    discardStream(stream);
    throw error;
  }
  res[kAnswered] = true;
  res.statusCode = status;
  if (res.req.method === "HEAD" || status === 204 || status === 205 || status === 304) {
    discardStream(stream);
    res.end();
    return;
  }
  // Ended here, since a pipeline that ends its last stream destroys it too when another one fails.
  pipeline(stream, res, { end: false })
    .then(() => void res.end())
    .catch((error) => failStream(res, stream, error));
}

function failStream(res: ServedResponse, stream: Readable, cause: Error): void {
  // The client has gone, which ends the stream too.
  if (res.destroyed) return;
  // A stream that fails stays piped, which would count as an answer.
  stream.unpipe(res);
  if (!res.headersSent) res[kAnswered] = false;
  res.req[kContext]?.fail(res.req, res, cause);
}

/** Lets go of what a handler returned where it cannot be sent: open files, connections and cursors are closed. */
export function discardValue(req: ServedRequest, value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  if (value instanceof Reply) {
    discardValue(req, value.body);
  } else if (value instanceof Readable) {
    // Node's setters return the request and its socket; and what is read has an owner already.
    if (value !== req && value !== req.socket && value.readableFlowing === null) discardStream(value);
  } else if (isWebStream(value)) {
    cancel(value);
  } else if (isWebResponse(value)) {
    cancel(value.body as NodeReadableStream | null);
  } else if (Symbol.asyncIterator in value && "return" in value && typeof value.return === "function") {
    void finish(value as AsyncGenerator);
  }
}

/** Keeps a stream that middleware returned from ending the process, and closes it where nobody reads it. */
export function holdValue(req: ServedRequest, res: ServedResponse, value: unknown): void {
  if (!(value instanceof Readable) || value === req || value === req.socket) return;
  value.on("error", ignore);
  res.once("close", () => discardValue(req, value));
}

function discardStream(stream: Readable): void {
  // Without a listener an error that was on its way, such as that of a file which is not there, would end the process.
  stream.on("error", ignore).destroy();
}

function cancel(stream: NodeReadableStream | null): void {
  if (stream !== null && !stream.locked) stream.cancel().then(undefined, ignore);
}

async function finish(iterator: AsyncIterator<unknown>): Promise<void> {
  try {
    await iterator.return?.(undefined);
  } catch {
    // There is nobody left to be told.
  }
}

function ignore(): void {}

function sendWebResponse(res: ServedResponse, response: globalThis.Response): void {
  if (isAnswered(res)) {
    discardValue(res.req, response);
    claimAnswer(res);
    return;
  }
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of response.headers) if (name !== "set-cookie") headers[name] = value;
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) headers["set-cookie"] = cookies;
  if (response.body === null) {
    res[kContract]?.checkRaw(null, response.status);
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
