import type { ServerResponse } from "node:http";
import { Readable, Stream } from "node:stream";
import { toBytes } from "../exchange/bytes.js";
import { refuseInterim } from "../exchange/framing.js";
import { binaryType, jsonType, toJSONText } from "../reply/body-type.js";
import { refuseRead } from "../reply/send-stream.js";
import { sendError } from "./send-error.js";
import { sendStream } from "./send-stream.js";
import { hasNoContent, sendText, setLength } from "./send-text.js";

/**
 * Answers with a status and a body. Bytes and streams are sent as `application/octet-stream`, and other values as JSON,
 * unless a `Content-Type` is set. A string is sent unchanged, without a `Content-Type` of its own.
 *
 * @param statusCode The status of the answer.
 * @param data The body; `null` and `undefined` send no body.
 * @throws {TypeError} for a value that has no JSON, or a stream that was read before, before anything is sent.
 * @throws {RangeError} for a status below 200: the client would take the next answer for the answer.
 */
export function send(res: ServerResponse, statusCode: number, data: unknown = null): void {
  if (statusCode < 200) refuseInterim(statusCode);
  res.statusCode = statusCode;
  if (data === null || hasNoContent(res)) {
    if (data instanceof Readable) data.on("error", () => {}).destroy();
    res.end();
    return;
  }
  if (typeof data === "string") {
    sendText(res, data);
    return;
  }
  if (typeof data === "object") {
    if (data instanceof Stream) {
      if (data instanceof Readable) refuseRead(data);
      setType(res, binaryType);
      sendStream(res, data, (error) => sendError(res.req, res, error));
      return;
    }
    const bytes = toBytes(data);
    if (bytes !== undefined) {
      setType(res, binaryType);
      setLength(res, bytes.byteLength);
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
