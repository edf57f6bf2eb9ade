import { InvalidTokenError } from "./errors.js";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/**
 * Splits a token into its parts. It accepts only the base64url of RFC 7515: no padding, no white space, and no unused
 * bits that are set. Otherwise one token could be written in many ways, and a list of revoked tokens would miss some
 * of them.
 *
 * @param count The number of parts: 3 for a signed token, 5 for an encrypted one.
 * @throws {InvalidTokenError} if the token has another form.
 */
export function splitToken(token: string, count: 3 | 5): string[] {
  if (typeof token !== "string") throw new InvalidTokenError("The token is not valid: it is not a string.");
  const parts = token.split(".", count + 1);
  if (parts.length !== count)
    throw new InvalidTokenError(`The token is not valid: it does not have ${count} parts.`);
  if (!parts.every(isBase64URL))
    throw new InvalidTokenError("The token is not valid: it is not written in base64url.");
  return parts;
}

/** Whether a part is base64url in its only valid spelling. */
export function isBase64URL(text: string): boolean {
  if (!/^[\w-]*$/.test(text)) return false;
  const rest = text.length % 4;
  if (rest === 0) return true;
  // The last letter of an incomplete group has 4 or 2 unused bits.
  return rest !== 1 && letters.indexOf(text.at(-1) ?? "") % (rest === 2 ? 16 : 4) === 0;
}
