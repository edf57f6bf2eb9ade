import type { Session } from "../exchange/types.js";
import { describe } from "../options/check-options.js";

/**
 * Checks the return value of a user's function: a session, or no session. A function in plain JavaScript can return any
 * value, and only an object counts as a session.
 *
 * @param what The function, as the beginning of a sentence.
 * @throws {TypeError} if the value is neither an object nor a false value, for example `true`, a string or an array.
 */
export function readSession(value: unknown, what: string): Session | undefined {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Session;
  if (!value) return undefined;
  throw new TypeError(
    `${what} returned ${describe(value)}: return a session, which is an object such as { account, username, groups }, or null.`,
  );
}
