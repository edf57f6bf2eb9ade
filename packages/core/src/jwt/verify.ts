import type { KeyObject } from "node:crypto";
import type { JWTPayload } from "jose";
import { checkOptions } from "../options/check-options.js";
import { kinds, type OptionKinds } from "../options/kinds.js";
import { AcceptedTokens } from "./accepted-tokens.js";
import { checkAlgorithms, toAlgorithms } from "./algorithms.js";
import { splitToken } from "./compact.js";
import { loadJose } from "./jose.js";
import { type Secret, toKey } from "./key.js";
import { RemoteKeySet } from "./remote-key-set.js";
import { toTokenError } from "./token-error.js";

/** The payload of a token. */
export type TokenPayload = JWTPayload;

/** The conditions that a token must meet. */
export interface VerifyOptions {
  /** The algorithms to accept. Default: `HS256` for a secret, and the usual algorithm of any other key. */
  readonly algorithms?: readonly string[];
  /** The issuer of the token, or several allowed issuers. */
  readonly issuer?: string | readonly string[];
  /** The audience of the token, or several allowed audiences. */
  readonly audience?: string | readonly string[];
  /**
   * Whether an accepted token is accepted again without a check of its signature, for a minute at most and never past
   * its `exp`. Default true.
   */
  readonly cache?: boolean;
}

const verifyKinds: OptionKinds<VerifyOptions> = {
  algorithms: {
    words: 'an array of algorithms, never "none"',
    test: (value) => kinds.textList.test(value) && !(value as string[]).some((name) => /^none$/i.test(name)),
  },
  issuer: kinds.texts,
  audience: kinds.texts,
  cache: kinds.flag,
};

// Remote keys may be of several kinds. An HMAC is never among them.
const remoteAlgorithms = ["RS256", "ES256", "EdDSA"];
const asymmetricAlgorithms = [
  ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  ...["ES256", "ES384", "ES512", "EdDSA", "Ed25519"],
];

// The cache of a key disappears together with the key.
const acceptedBy = new WeakMap<KeyObject | RemoteKeySet, AcceptedTokens>();

/**
 * Checks the signature and the times of a token, and resolves to its payload.
 *
 * @param secret The secret, the public key of the pair that signed, or the keys of another party.
 * @throws {InvalidTokenError} if the token is malformed, expired, forged, or not meant for this server.
 * @throws {ArgumentError} if an option has the wrong form, or no algorithm fits the key.
 */
export async function verify(
  token: string,
  secret: Secret | RemoteKeySet,
  options: VerifyOptions = {},
): Promise<TokenPayload> {
  checkOptions<VerifyOptions>(options, "`verify`", verifyKinds);
  const key = secret instanceof RemoteKeySet ? secret : toKey(secret);
  const { issuer, audience, cache = true } = options;
  const conditions = toConditions(options);
  const accepted = cache ? toAccepted(key) : undefined;
  const known = typeof token === "string" ? accepted?.find(token, conditions) : undefined;
  if (known !== undefined) return known;
  const algorithms = settleAlgorithms(key, options.algorithms);
  splitToken(token, 3);
  const jose = await loadJose();
  const conditionsOfLibrary = {
    algorithms: [...algorithms],
    ...(issuer !== undefined && { issuer: toList(issuer) }),
    ...(audience !== undefined && { audience: toList(audience) }),
  };
  try {
    const { payload } =
      key instanceof RemoteKeySet
        ? await jose.jwtVerify(token, key.find, conditionsOfLibrary)
        : await jose.jwtVerify(token, key, conditionsOfLibrary);
    accepted?.keep(token, conditions, payload);
    return payload;
  } catch (error) {
    throw toTokenError(jose, error);
  }
}

function settleAlgorithms(
  key: KeyObject | RemoteKeySet,
  asked: readonly string[] | undefined,
): readonly string[] {
  const isRemote = key instanceof RemoteKeySet;
  const fitting = isRemote ? asymmetricAlgorithms : toAlgorithms(key);
  if (asked === undefined) return isRemote ? remoteAlgorithms : fitting.slice(0, 1);
  checkAlgorithms("algorithms", asked, fitting);
  return asked;
}

function toAccepted(key: KeyObject | RemoteKeySet): AcceptedTokens {
  let accepted = acceptedBy.get(key);
  if (accepted === undefined) {
    accepted = new AcceptedTokens();
    acceptedBy.set(key, accepted);
  }
  return accepted;
}

/** Writes the conditions under which a key accepts a token as a unique string. */
function toConditions({ algorithms, issuer, audience }: VerifyOptions): string {
  if (algorithms === undefined && issuer === undefined && audience === undefined) return "";
  return JSON.stringify([algorithms, issuer, audience]);
}

function toList(value: string | readonly string[]): string[] {
  return typeof value === "string" ? [value] : [...value];
}
