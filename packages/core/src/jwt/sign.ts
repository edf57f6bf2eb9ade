import { ArgumentError } from "../errors.js";
import { checkOptions } from "../options/check-options.js";
import { kinds, type OptionKinds } from "../options/kinds.js";
import { checkAlgorithms, toAlgorithms } from "./algorithms.js";
import { type ClaimOptions, claimKinds, toClaims } from "./claims.js";
import { loadJose } from "./jose.js";
import { type Secret, toKey } from "./key.js";

/** The options of `sign`. */
export interface SignOptions extends ClaimOptions {
  /** The algorithm. Default: the first that fits the key, `HS256` for a secret and `RS256` for an RSA key. */
  readonly alg?: string;
}

const signKinds: OptionKinds<SignOptions> = { ...claimKinds, alg: kinds.text };

/**
 * Signs a payload.
 *
 * @param payload An object. Without `exp`, `expiresIn` sets it. Without `iat`, the token gets the current time.
 * @param secret At least 32 bytes, or a private key.
 * @throws {ArgumentError} if a claim or an option has the wrong form, or `alg` does not fit the key.
 */
export async function sign(
  payload: Readonly<Record<string, unknown>>,
  secret: Secret,
  options: SignOptions = {},
): Promise<string> {
  checkOptions<SignOptions>(options, "`sign`", signKinds);
  const key = toKey(secret);
  if (key.type === "public") throw new ArgumentError("A public key does not sign: pass the private one.");
  const fitting = toAlgorithms(key);
  const { alg = fitting[0] } = options;
  checkAlgorithms("alg", [alg], fitting);
  const claims = toClaims(payload, options);
  const { SignJWT } = await loadJose();
  return new SignJWT(claims).setProtectedHeader({ alg, typ: "JWT" }).sign(key);
}
