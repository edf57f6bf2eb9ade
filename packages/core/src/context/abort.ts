import { HttpError } from "../errors.js";

/**
 * Ends the handler that runs with an error, which goes to the error hooks as any other.
 *
 * @param data A string is the message of the answer; any other value is its body.
 * @param status 400 to 599.
 */
export function abort(data: unknown = "Bad Request", status = 400): never {
  if (typeof data === "string") throw new HttpError(status, data);
  throw new HttpError(status, `A handler aborted with status ${status}.`, { body: data });
}
