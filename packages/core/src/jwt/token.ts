import { decodeJwt, errors, type JWTPayload, jwtVerify, SignJWT } from "jose";
import { ArgumentError } from "../errors.js";
import { InvalidTokenError } from "./errors.js";
import { type Secret, toAlgorithms, toKey } from "./key.js";

/** What a token says. */
export type TokenPayload = JWTPayload;

/** How a token is signed. */
export interface SignOptions {
  /** Default: the one that fits the key, `HS256` for a secret. */
  readonly alg?: string;
  /** A time such as `"2h"`, or seconds from now. Default `"2h"`. */
  readonly expiresIn?: string | number;
  readonly issuer?: string;
  readonly audience?: string | readonly string[];
}

/** What a token must be. */
export interface VerifyOptions {
  /** Default: the one that fits the key. `none` is never accepted. */
  readonly algorithms?: readonly string[];
  readonly issuer?: string | readonly string[];
  readonly audience?: string | readonly string[];
}

/** Signs a payload. */
export async function sign(
  payload: Readonly<Record<string, unknown>>,
  secret: Secret,
  options: SignOptions = {},
): Promise<string> {
  const key = toKey(secret);
  const alg = options.alg ?? (toAlgorithms(key)[0] as string);
  const { expiresIn = "2h", issuer, audience } = options;
  const token = new SignJWT({ ...payload }).setProtectedHeader({ alg, typ: "JWT" }).setIssuedAt();
  token.setExpirationTime(
    typeof expiresIn === "number" ? Math.floor(Date.now() / 1000) + expiresIn : expiresIn,
  );
  if (issuer !== undefined) token.setIssuer(issuer);
  if (audience !== undefined) token.setAudience(typeof audience === "string" ? audience : [...audience]);
  return token.sign(key);
}

/**
 * Resolves to the payload of a token whose signature and times are right. Rejects with an `InvalidTokenError`
 * otherwise.
 */
export async function verify(
  token: string,
  secret: Secret,
  options: VerifyOptions = {},
): Promise<TokenPayload> {
  const key = toKey(secret);
  const algorithms = options.algorithms ?? toAlgorithms(key);
  if (algorithms.length === 0 || algorithms.some((name) => name.toLowerCase() === "none")) {
    throw new ArgumentError('`algorithms` lists at least one, and never "none".');
  }
  const { issuer, audience } = options;
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [...algorithms],
      ...(issuer === undefined ? {} : { issuer: typeof issuer === "string" ? issuer : [...issuer] }),
      ...(audience === undefined
        ? {}
        : { audience: typeof audience === "string" ? audience : [...audience] }),
    });
    return payload;
  } catch (error) {
    throw toTokenError(error);
  }
}

/** Reads the payload of a token without checking anything: never trust what it says. */
export function decode(token: string): TokenPayload {
  try {
    return decodeJwt(token);
  } catch (error) {
    throw toTokenError(error);
  }
}

function toTokenError(error: unknown): unknown {
  if (error instanceof errors.JOSEError || error instanceof TypeError) {
    return new InvalidTokenError(`The token is not valid: ${error.message}.`, error);
  }
  return error;
}
