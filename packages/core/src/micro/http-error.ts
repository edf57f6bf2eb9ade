import { CoreError, type CoreErrorCode, toErrorCode } from "../errors.js";

/** An error of a function. If it has a `statusCode`, this is the status of the answer, and the message is the body. */
export class HttpError extends CoreError {
  /** The status of the answer. Without it the answer is 500, and the message is not sent. */
  statusCode?: number | undefined;
  /** The error behind this one, such as the exception of `JSON.parse`. It is logged and never sent. */
  originalError?: unknown;

  /**
   * @param message Sent to the client if `statusCode` is set.
   * @param code For programs. Default `HTTP_ERROR`.
   */
  constructor(message: string, code: CoreErrorCode = "HTTP_ERROR", cause?: unknown) {
    super(code, message, cause);
  }
}

/**
 * Makes an error with a status.
 *
 * @param statusCode The status of the answer, 200 to 599.
 * @param message The body of the answer, for any status.
 * @param originalError The error behind this one. It is logged and never sent.
 */
export function createError(statusCode: number, message: string, originalError?: unknown): HttpError {
  const error = new HttpError(message, toErrorCode(statusCode), originalError);
  // The stack begins at the caller of this function.
  Error.captureStackTrace(error, createError);
  error.statusCode = statusCode;
  error.originalError = originalError;
  return error;
}
