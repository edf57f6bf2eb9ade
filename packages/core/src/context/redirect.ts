import { ArgumentError } from "../errors.js";
import { toLocation } from "../exchange/response-methods.js";
import { ThrownReply } from "../reply/reply.js";

/**
 * Ends the running handler, and redirects the client. This is not an error, so no error hook sees it.
 *
 * @param url The address, as `res.redirect` takes it.
 * @param status 300 to 399.
 */
export function redirect(url: string, status = 302): never {
  if (!Number.isInteger(status) || status < 300 || status > 399) {
    throw new ArgumentError(
      `The status of a redirect must be a whole number from 300 to 399, not ${status}.`,
    );
  }
  throw new ThrownReply(status, undefined, { Location: toLocation(url, "redirect") });
}
