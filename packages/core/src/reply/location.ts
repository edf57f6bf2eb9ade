import { ArgumentError } from "../errors.js";

/**
 * Writes a `Location`. Only what a header cannot carry is escaped, so that escapes which are there already stay as they
 * are; and the backslash, which browsers take for a slash: "/\\evil.example" is no path to them.
 *
 * @param name Of the function that redirects, for messages.
 */
export function toLocation(url: string, name: string): string {
  if (typeof url !== "string") throw new ArgumentError(`${name} leads to a string, not ${typeof url}.`);
  return url.replace(/\p{Surrogate}/gu, "\ufffd").replace(/[^\x21-\x5b\x5d-\x7e]+/g, encodeURI);
}
