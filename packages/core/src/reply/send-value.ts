import { Readable } from "node:stream";
import { toBytes } from "../exchange/bytes.js";
import { kContext, kContract, kDetails } from "../exchange/internal.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import type { ReplyHeaders, ResponseState } from "../exchange/types.js";
import { isThenable } from "../pipeline/outcome.js";
import { loadOnUse } from "../platform/builtins.js";
import { claim, isAnswered, release } from "./answer.js";
import {
  binaryType,
  htmlType,
  isBlob,
  isWebResponse,
  isWebStream,
  jsonType,
  textType,
  toJSONText,
} from "./body-type.js";
import { Reply } from "./reply.js";
import { discardValue, readIterable, readWebStream, sendStream } from "./send-stream.js";
import { writeReply } from "./write-reply.js";

// Loaded with the first web response.
const loadWebResponse = loadOnUse<typeof import("./send-web-response.js")>(
  import.meta.url,
  "./send-web-response.js",
);

/**
 * Sends the return value of a handler. It returns a promise only for a renderer. It throws a value that is an error.
 */
export function sendValue(req: ServedRequest, res: ServedResponse, value: unknown): void | Promise<void> {
  if (value instanceof Reply) return sendBody(req, res, value.body ?? null, value.status, value.headers);
  if (isWebResponse(value)) return loadWebResponse().sendWebResponse(res, value);
  const state = req[kDetails]?.responseState;
  if (state !== undefined) applyState(res, state);
  if (value === null || value === undefined) {
    sendNothing(res);
    return undefined;
  }
  return sendBody(req, res, value, res.statusCode, undefined);
}

// Values that the handler has set on the response itself come first.
function applyState(res: ServedResponse, { status, headers }: ResponseState): void {
  if (isAnswered(res)) return;
  if (res.statusCode === 200) res.statusCode = status;
  for (const [name, value] of headers) {
    if (name === "set-cookie") res.appendHeader(name, value);
    else if (!res.hasHeader(name)) res.setHeader(name, value);
  }
}

// A declared body may have the value `null`. It means "no body" only if the route declares no body, or if it lists the
// status 204.
function sendNothing(res: ServedResponse): void {
  const contract = res[kContract];
  const status = res.statusCode;
  if (contract?.hasBody === true && status !== 204 && !contract.lists(204)) {
    writeReply(res, status, jsonType, contract.write(null, status), undefined);
  } else {
    writeReply(res, status === 200 ? 204 : status, undefined, "", undefined);
  }
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
    // The fields of an error may be logged, but are never sent.
    if (value instanceof Error) throw value;
    if (isThenable(value)) return sendSettled(req, res, value, status, headers);
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

// The answer is claimed at once here too.
async function sendSettled(
  req: ServedRequest,
  res: ServedResponse,
  value: PromiseLike<unknown>,
  status: number,
  headers: ReplyHeaders | undefined,
): Promise<void> {
  const isClaimed = claim(res);
  let settled: unknown;
  try {
    settled = await value;
  } finally {
    if (isClaimed) release(res);
  }
  if (isClaimed) return sendBody(req, res, settled ?? null, status, headers);
  discardValue(req, settled);
}

// The answer is claimed at once, so that nothing else answers while the value is being rendered.
async function sendRendered(
  res: ServedResponse,
  html: PromiseLike<string>,
  status: number,
  headers: ReplyHeaders | undefined,
): Promise<void> {
  const isClaimed = claim(res);
  try {
    const text = await html;
    if (!isClaimed) return;
    release(res);
    sendHTML(res, text, status, headers);
  } catch (error) {
    if (isClaimed) release(res);
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

function toStream(value: object): Readable | undefined {
  if (value instanceof Readable) return value;
  if (isBlob(value)) return readWebStream(value.stream());
  if (isWebStream(value)) return readWebStream(value);
  return Symbol.asyncIterator in value ? readIterable(value as AsyncIterable<unknown>) : undefined;
}
