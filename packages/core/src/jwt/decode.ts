import { isBase64URL } from "./compact.js";
import { InvalidTokenError } from "./errors.js";
import type { TokenPayload } from "./verify.js";

/**
 * Returns the payload of a signed token without any check. Never trust the payload.
 *
 * @throws {InvalidTokenError} if the token is malformed.
 */
export function decode(token: string): TokenPayload {
  const [, payload = "", ...others] = typeof token === "string" ? token.split(".", 4) : [];
  if (others.length !== 1 || !isBase64URL(payload))
    throw new InvalidTokenError("The token is not valid: it does not have three parts of base64url.");
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(payload, "base64url")));
  } catch (error) {
    throw new InvalidTokenError("The token is not valid: its payload is not JSON.", error);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new InvalidTokenError("The token is not valid: its payload is not an object.");
  return value as TokenPayload;
}
