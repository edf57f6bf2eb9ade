import { InvalidTokenError } from "./errors.js";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/**
 * Splits a token into its parts. Only base64url as RFC 7515 has it is taken: no padding, no white space, and no bits
 * that mean nothing. Otherwise one token could be written in many ways, and a list of revoked ones would miss some.
 *
 * @param count How many parts there must be: 3 for a signed token, 5 for an encrypted one.
 * @throws {InvalidTokenError} if it has another form.
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

/** Whether a part is base64url in its one spelling. */
export function isBase64URL(text: string): boolean {
  if (!/^[\w-]*$/.test(text)) return false;
  const rest = text.length % 4;
  if (rest === 0) return true;
  // The last letter of a group that is not full has 4 or 2 bits without a meaning.
  return rest !== 1 && letters.indexOf(text.at(-1) ?? "") % (rest === 2 ? 16 : 4) === 0;
}
