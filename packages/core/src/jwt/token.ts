import type { JWTPayload } from "jose";
import { checkOptions } from "../options/check-options.js";
import { either, kinds, type OptionKinds } from "../options/kinds.js";
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
  /** The `iss` claim. */
  readonly issuer?: string;
  /** The `aud` claim. */
  readonly audience?: string | readonly string[];
}

/** What a token must be. */
export interface VerifyOptions {
  /** Default: the one that fits the key. `none` is never accepted. */
  readonly algorithms?: readonly string[];
  /** Who must have issued the token, or one of them. */
  readonly issuer?: string | readonly string[];
  /** Whom the token must be for, or one of them. */
  readonly audience?: string | readonly string[];
}

const signKinds: OptionKinds<SignOptions> = {
  alg: kinds.text,
  expiresIn: either(kinds.text, {
    words: "a number of seconds",
    test: (value) => typeof value === "number" && Number.isFinite(value),
  }),
  issuer: kinds.text,
  audience: kinds.texts,
};

const verifyKinds: OptionKinds<VerifyOptions> = {
  algorithms: kinds.textList,
  issuer: kinds.texts,
  audience: kinds.texts,
};

/** Signs a payload. */
export async function sign(
  payload: Readonly<Record<string, unknown>>,
  secret: Secret,
  options: SignOptions = {},
): Promise<string> {
  checkOptions<SignOptions>(options, "`sign`", signKinds);
  const key = toKey(secret);
  const alg = options.alg ?? (toAlgorithms(key)[0] as string);
  const { expiresIn = "2h", issuer, audience } = options;
  const jose = await loadJose();
  const token = new jose.SignJWT({ ...payload }).setProtectedHeader({ alg, typ: "JWT" }).setIssuedAt();
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
  checkOptions<VerifyOptions>(options, "`verify`", verifyKinds, (faults) => {
    const { algorithms } = options;
    if (algorithms === undefined || faults.has("algorithms")) return;
    if (algorithms.length === 0 || algorithms.some((name) => name.toLowerCase() === "none")) {
      faults.add("algorithms", '`algorithms` lists at least one, and never "none".');
    }
  });
  const key = toKey(secret);
  const algorithms = options.algorithms ?? toAlgorithms(key);
  const { issuer, audience } = options;
  const jose = await loadJose();
  try {
    const { payload } = await jose.jwtVerify(token, key, {
      algorithms: [...algorithms],
      ...(issuer === undefined ? {} : { issuer: typeof issuer === "string" ? issuer : [...issuer] }),
      ...(audience === undefined
        ? {}
        : { audience: typeof audience === "string" ? audience : [...audience] }),
    });
    return payload;
  } catch (error) {
    if (error instanceof jose.errors.JOSEError || error instanceof TypeError) throw toTokenError(error);
    throw error;
  }
}

/** Reads the payload of a token without checking anything: never trust what it says. */
export function decode(token: string): TokenPayload {
  try {
    const [, payload, signature, ...rest] = token.split(".");
    if (payload === undefined || signature === undefined || rest.length > 0)
      throw new TypeError("it has not three parts");
    const value: unknown = JSON.parse(
      new TextDecoder("utf-8", { fatal: true }).decode(fromBase64URL(payload)),
    );
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw new TypeError("it holds no object");
    return value as TokenPayload;
  } catch (error) {
    throw toTokenError(error as Error);
  }
}

function fromBase64URL(text: string): Buffer {
  if (!/^[\w-]+$/.test(text)) throw new TypeError("its payload is not written in base64url");
  return Buffer.from(text, "base64url");
}

// Loaded with the first token, since most of what imports this package never sees one.
async function loadJose(): Promise<typeof import("jose")> {
  return import("jose");
}

function toTokenError(error: Error): InvalidTokenError {
  return new InvalidTokenError(`The token is not valid: ${error.message}.`, error);
}
