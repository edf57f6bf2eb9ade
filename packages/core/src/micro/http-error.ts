import { CoreError, type CoreErrorCode, toErrorCode } from "../errors.js";

/** An error of a function: `statusCode` is the status of its answer, and then its message is the body. */
export class HttpError extends CoreError {
  /** The status of the answer; without one it is 500, and the message stays here. */
  statusCode?: number | undefined;
  /** What lies behind it, such as the exception of `JSON.parse`. It is logged and never sent. */
  originalError?: unknown;

  /**
   * @param message Sent to the client when `statusCode` is set.
   * @param code For programs; `HTTP_ERROR` unless given.
   */
  constructor(message: string, code: CoreErrorCode = "HTTP_ERROR", cause?: unknown) {
    super(code, message, cause);
  }
}

/**
 * Makes an error with a status.
 *
 * @param statusCode The status of the answer, 200 to 599.
 * @param message The body of the answer, whatever the status is.
 * @param originalError What lies behind it; logged, never sent.
 */
export function createError(statusCode: number, message: string, originalError?: unknown): HttpError {
  const error = new HttpError(message, toErrorCode(statusCode), originalError);
  // The stack begins where the error was asked for.
  Error.captureStackTrace(error, createError);
  error.statusCode = statusCode;
  error.originalError = originalError;
  return error;
}
