import type { ServerResponse } from "node:http";
import { Stream } from "node:stream";
import { toBytes } from "../exchange/bytes.js";
import { binaryType, jsonType, toJSONText } from "../reply/body-type.js";
import { sendError } from "./send-error.js";
import { sendStream } from "./send-stream.js";
import { sendText } from "./send-text.js";

/**
 * Answers with a status and a body. Bytes and streams are sent as `application/octet-stream`, and other values as JSON,
 * unless a `Content-Type` is set. A string is sent unchanged, without a `Content-Type` of its own.
 *
 * @param statusCode The status of the answer.
 * @param data The body; `null` and `undefined` send no body.
 * @throws {TypeError} for a value that has no JSON, before anything is sent.
 */
export function send(res: ServerResponse, statusCode: number, data: unknown = null): void {
  res.statusCode = statusCode;
  if (data === null) {
    res.end();
    return;
  }
  if (typeof data === "string") {
    sendText(res, data);
    return;
  }
  if (typeof data === "object") {
    if (data instanceof Stream) {
      setType(res, binaryType);
      sendStream(res, data, (error) => sendError(res.req, res, error));
      return;
    }
    const bytes = toBytes(data);
    if (bytes !== undefined) {
      setType(res, binaryType);
      res.setHeader("Content-Length", bytes.byteLength);
      res.end(bytes);
      return;
    }
  }
  const text = toJSONText(data);
  setType(res, jsonType);
  sendText(res, text);
}

function setType(res: ServerResponse, type: string): void {
  if (!res.hasHeader("Content-Type")) res.setHeader("Content-Type", type);
}
