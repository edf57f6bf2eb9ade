import type { IncomingMessage, ServerResponse } from "node:http";
import { HttpError as CoreHttpError } from "../errors.js";
import type { ServedResponse } from "../exchange/served.js";
import { toErrorText } from "../log/error-text.js";
import { toError, toStatus } from "../pipeline/error-handlers.js";
import { clearEntityHeaders } from "../reply/answer.js";
import { textType } from "../reply/body-type.js";
import { dropStream } from "./send-stream.js";
import { sendText } from "./send-text.js";

/**
 * Answers an error, and writes its stack to stderr. If the error has a `statusCode`, this is the status, and the
 * message is the body. Any other error is a 500 without details. When `NODE_ENV` is `development`, the body is the
 * stack. If an answer has begun, the connection is cut, so that half of an answer never looks like a whole one.
 *
 * @param thrown The error, or any other thrown value.
 */
export function sendError(_req: IncomingMessage, res: ServerResponse, thrown: unknown): void {
  const error = toError(thrown);
  console.error(toErrorText(error));
  dropStream(res);
  if (res.writableEnded) return;
  if (res.headersSent || res.destroyed) {
    res.destroy();
    return;
  }
  // If a handler pipes a stream into the response itself, the stream would write after the end, and this would end the
  // process.
  res.on("error", () => {});
  clearEntityHeaders(res as ServedResponse);
  if (error instanceof CoreHttpError) setHeaders(res, error.headers);
  const { status, text } = read(error, thrown);
  res.statusCode = status;
  res.setHeader("Content-Type", textType);
  res.setHeader("X-Content-Type-Options", "nosniff");
  sendText(res, text);
}

/** Reads what the client may know. The fields of a thrown value may throw too. */
function read(error: Error, thrown: unknown): { status: number; text: string } {
  try {
    const { status, isTold } = readStatus(thrown);
    return { status, text: toBody(error, thrown, isTold) };
  } catch {
    return { status: 500, text: "Internal Server Error" };
  }
}

interface ErrorFields {
  readonly statusCode?: unknown;
  readonly message?: unknown;
  /** False if the message is not for the client. Some error libraries set this field. */
  readonly expose?: unknown;
}

// An error with a `statusCode` has a message for the client. Errors with a `status` come from this package or from
// libraries. The message of such a 5xx is not sent, as everywhere in this package.
function readStatus(thrown: unknown): { status: number; isTold: boolean } {
  const { statusCode, expose } = Object(thrown) as ErrorFields;
  const own = Number(statusCode ?? Number.NaN);
  if (Number.isInteger(own) && own >= 200 && own <= 599) return { status: own, isTold: expose !== false };
  const status = toStatus(Object(thrown) as Error);
  return { status, isTold: status < 500 && expose !== false };
}

function toBody(error: Error, thrown: unknown, isTold: boolean): string {
  if (process.env.NODE_ENV === "development") return error.stack ?? String(error);
  return isTold ? String((thrown as ErrorFields).message ?? "") : "Internal Server Error";
}

function setHeaders(res: ServerResponse, headers: CoreHttpError["headers"]): void {
  for (const [name, value] of Object.entries(headers ?? {})) res.setHeader(name, value);
}
