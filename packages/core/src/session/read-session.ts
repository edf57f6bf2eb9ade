import type { Session } from "../exchange/types.js";
import { describe } from "../options/check-options.js";

/**
 * Reads what a function of the user came to: a session, or nobody. A function in plain JavaScript returns what it likes,
 * and only an object lets somebody in.
 *
 * @param what The function, to begin a sentence with.
 * @throws {TypeError} if somebody is meant to enter, but nobody knows who.
 */
export function readSession(value: unknown, what: string): Session | undefined {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Session;
  if (!value) return undefined;
  throw new TypeError(
    `${what} returned ${describe(value)}: return a session, which is an object such as { account, username, groups }, or null.`,
  );
}
