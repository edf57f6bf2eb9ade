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
 * Answers an error, and writes its stack to stderr. The status is its `statusCode`, and then its message is the body.
 * An error without one is a 500 that says nothing of itself. When `NODE_ENV` is `development`, the body is the stack.
 * Where the answer has begun, it is cut, so that no half answer looks whole.
 *
 * @param thrown The error, or whatever else was thrown.
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
  // What a handler pipes into the response itself would write behind the end, and end the process with that.
  res.on("error", () => {});
  clearEntityHeaders(res as ServedResponse);
  if (error instanceof CoreHttpError) setHeaders(res, error.headers);
  const { status, isTold } = readStatus(thrown);
  res.statusCode = status;
  res.setHeader("Content-Type", textType);
  res.setHeader("X-Content-Type-Options", "nosniff");
  sendText(res, toBody(error, thrown, isTold));
}

interface ErrorFields {
  readonly statusCode?: unknown;
  readonly message?: unknown;
  /** False where the message is not for the client, as libraries of errors mark it. */
  readonly expose?: unknown;
}

// A `statusCode` says that the message is for the client. Errors with a `status` are those of the package and of
// libraries: of these a 5xx keeps its message, as it does everywhere else in the package.
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
