import { CoreError } from "../errors.js";

/**
 * A token that is malformed, expired, forged, or not meant for this server. If no handler handles the error, an app
 * answers 401, because the client sent the token.
 */
export class InvalidTokenError extends CoreError {
  readonly status = 401;

  constructor(message: string, cause?: unknown) {
    super("INVALID_TOKEN", message, cause);
  }
}

/** A secret that is too short to be safe. */
export class WeakSecretError extends CoreError {
  constructor(message: string) {
    super("CORE_WEAK_SECRET", message);
  }
}

/** A set of remote keys that could not be fetched. If no handler handles the error, an app answers 503. */
export class KeySetUnavailableError extends CoreError {
  readonly status = 503;

  constructor(message: string, cause?: unknown) {
    super("KEY_SET_UNAVAILABLE", message, cause);
  }
}
