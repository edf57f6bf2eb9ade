import { InvalidTokenError } from "./errors.js";

/** Converts an error of the library about a token to an error of this package. Other errors are returned unchanged. */
export function toTokenError(jose: typeof import("jose"), error: unknown): unknown {
  if (!(error instanceof jose.errors.JOSEError || error instanceof TypeError)) return error;
  return new InvalidTokenError(`The token is not valid: ${error.message}.`, error);
}
