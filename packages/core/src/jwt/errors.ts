import { CoreError } from "../errors.js";

/** A token that is malformed, expired, forged, or not meant for this server. */
export class InvalidTokenError extends CoreError {
  constructor(message: string, cause?: unknown) {
    super("INVALID_TOKEN", message, cause);
  }
}

/** A secret that is too short to keep anything secret. */
export class WeakSecretError extends CoreError {
  constructor(message: string) {
    super("WEAK_SECRET", message);
  }
}
