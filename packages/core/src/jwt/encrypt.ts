import { hkdfSync, type KeyObject } from "node:crypto";
import { ArgumentError } from "../errors.js";
import { checkOptions } from "../options/check-options.js";
import { kinds, type OptionKinds } from "../options/kinds.js";
import { type ClaimOptions, claimKinds, toClaims } from "./claims.js";
import { splitToken } from "./compact.js";
import { InvalidTokenError } from "./errors.js";
import { loadJose } from "./jose.js";
import { type Secret, toKey } from "./key.js";
import { toTokenError } from "./token-error.js";
import type { TokenPayload } from "./verify.js";

/** The options of `encrypt`. */
export type EncryptOptions = ClaimOptions;

/** The conditions that an encrypted token must meet. */
export interface DecryptOptions {
  /** The issuer of the token, or several allowed issuers. */
  readonly issuer?: string | readonly string[];
  /** The audience of the token, or several allowed audiences. */
  readonly audience?: string | readonly string[];
}

const decryptKinds: OptionKinds<DecryptOptions> = { issuer: kinds.texts, audience: kinds.texts };

const content = "A256GCM";
const derivedKeys = new WeakMap<KeyObject, Uint8Array>();

/**
 * Encrypts a payload, so that only the owner of the secret can read or change it (JWE: A256GCM with a key that is
 * derived from the secret).
 *
 * @param payload An object. Without `exp`, `expiresIn` sets it. Without `iat`, the token gets the current time.
 * @param secret A string or bytes, of at least 32 bytes, or a secret key.
 * @throws {ArgumentError} if a claim or an option has the wrong form, or if the secret is the key of a key pair.
 */
export async function encrypt(
  payload: Readonly<Record<string, unknown>>,
  secret: Secret,
  options: EncryptOptions = {},
): Promise<string> {
  checkOptions<EncryptOptions>(options, "`encrypt`", claimKinds);
  const key = deriveKey(secret);
  const claims = toClaims(payload, options);
  const { EncryptJWT } = await loadJose();
  return new EncryptJWT(claims).setProtectedHeader({ alg: "dir", enc: content, typ: "JWT" }).encrypt(key);
}

/**
 * Decrypts a token of `encrypt`, and resolves to its payload.
 *
 * @param secrets The secret, or several secrets, which are tried in turn. This way, a new secret can replace the old
 * one while tokens of the old secret are still in use.
 * @throws {InvalidTokenError} if the token is malformed, expired, not meant for this server, or made with another
 * secret.
 */
export async function decrypt(
  token: string,
  secrets: Secret | readonly Secret[],
  options: DecryptOptions = {},
): Promise<TokenPayload> {
  checkOptions<DecryptOptions>(options, "`decrypt`", decryptKinds);
  const keys = (Array.isArray(secrets) ? secrets : [secrets]).map(deriveKey);
  if (keys.length === 0) throw new ArgumentError("`decrypt` takes at least one secret.");
  splitToken(token, 5);
  const jose = await loadJose();
  const conditions = {
    keyManagementAlgorithms: ["dir"],
    contentEncryptionAlgorithms: [content],
    ...(options.issuer !== undefined && { issuer: [options.issuer].flat() }),
    ...(options.audience !== undefined && { audience: [options.audience].flat() }),
  };
  for (const key of keys) {
    try {
      return (await jose.jwtDecrypt(token, key, conditions)).payload;
    } catch (error) {
      if (!(error instanceof jose.errors.JWEDecryptionFailed)) throw toTokenError(jose, error);
    }
  }
  throw new InvalidTokenError("The token is not valid: none of the secrets decrypts it.");
}

// The key is derived from the secret. If a program also signs with the secret, one key must not serve two purposes.
function deriveKey(secret: Secret): Uint8Array {
  const key = toKey(secret);
  if (key.type !== "secret")
    throw new ArgumentError("Tokens are encrypted with a secret, not with a public or private key.");
  let derived = derivedKeys.get(key);
  if (derived === undefined) {
    derived = new Uint8Array(hkdfSync("sha256", key, "", "@miqro/core/jwt encryption", 32));
    derivedKeys.set(key, derived);
  }
  return derived;
}
