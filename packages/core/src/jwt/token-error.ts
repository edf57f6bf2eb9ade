import { InvalidTokenError } from "./errors.js";

/** Makes what the library says of a token an error of this package. Any other error stays what it is. */
export function toTokenError(jose: typeof import("jose"), error: unknown): unknown {
  if (!(error instanceof jose.errors.JOSEError || error instanceof TypeError)) return error;
  return new InvalidTokenError(`The token is not valid: ${error.message}.`, error);
}
