import { ArgumentError } from "../errors.js";
import { describe } from "../options/check-options.js";
import { kinds, type OptionKinds } from "../options/kinds.js";

/** A string such as `"2h"`, or a number of seconds. */
export type Lifetime = string | number;

/** The options that become claims of a token. */
export interface ClaimOptions {
  /** The lifetime of the token: a string such as `"2h"`, or seconds from now. Default `"2h"`. */
  readonly expiresIn?: Lifetime;
  /** The `iss` claim. */
  readonly issuer?: string;
  /** The `aud` claim. */
  readonly audience?: string | readonly string[];
}

type Payload = Readonly<Record<string, unknown>>;

const defaultLifetime = "2h";
const units: readonly (readonly [names: RegExp, seconds: number])[] = [
  [/^s(?:ecs?|econds?)?$/i, 1],
  [/^m(?:ins?|inutes?)?$/i, 60],
  [/^h(?:rs?|ours?)?$/i, 3600],
  [/^d(?:ays?)?$/i, 86_400],
  [/^w(?:eeks?)?$/i, 604_800],
  [/^y(?:rs?|ears?)?$/i, 31_557_600],
];

/** The options that become claims, as `checkOptions` takes them. */
export const claimKinds: OptionKinds<ClaimOptions> = {
  expiresIn: {
    words: 'a number of seconds or a time such as "30s", "15m", "2h" or "7d"',
    test: (value) => toSeconds(value as Lifetime) !== undefined,
  },
  issuer: kinds.text,
  audience: kinds.texts,
};

/**
 * Builds the claims of a new token. Times in the payload replace the options.
 *
 * @param options Already checked by `claimKinds`.
 * @throws {ArgumentError} if a registered claim does not have the form of RFC 7519, or is given twice.
 */
export function toClaims(payload: Payload, options: ClaimOptions): Record<string, unknown> {
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) {
    throw new ArgumentError(`The payload of a token must be an object, not ${describe(payload)}.`);
  }
  for (const claim of ["exp", "nbf", "iat"]) checkTime(claim, payload[claim]);
  for (const claim of ["iss", "sub", "jti"]) checkText(claim, payload[claim]);
  checkAudience(payload.aud);
  refuseTwice(payload, "exp", "expiresIn", options.expiresIn);
  refuseTwice(payload, "iss", "issuer", options.issuer);
  refuseTwice(payload, "aud", "audience", options.audience);
  const now = Math.floor(Date.now() / 1000);
  const claims: Record<string, unknown> = { ...payload };
  claims.iat ??= now;
  const { expiresIn = defaultLifetime } = options;
  claims.exp ??= now + (toSeconds(expiresIn) ?? 0);
  if (options.issuer !== undefined) claims.iss = options.issuer;
  if (options.audience !== undefined) claims.aud = options.audience;
  return claims;
}

/** Returns the seconds of a lifetime, or `undefined` if it is malformed. */
export function toSeconds(lifetime: Lifetime): number | undefined {
  if (typeof lifetime === "number") return Number.isFinite(lifetime) ? Math.floor(lifetime) : undefined;
  const found = typeof lifetime === "string" ? /^(\d+(?:\.\d+)?) ?([a-z]+)$/i.exec(lifetime.trim()) : null;
  const unit = units.find(([names]) => names.test(found?.[2] ?? ""));
  return found === null || unit === undefined ? undefined : Math.round(Number(found[1]) * unit[1]);
}

function checkTime(claim: string, value: unknown): void {
  if (value === undefined || (typeof value === "number" && Number.isFinite(value))) return;
  throw new ArgumentError(
    `\`${claim}\` of a payload must be a number of seconds since 1970, not ${describe(value)}.`,
  );
}

function checkText(claim: string, value: unknown): void {
  if (value !== undefined && typeof value !== "string")
    throw new ArgumentError(`\`${claim}\` of a payload must be a string, not ${describe(value)}.`);
}

function checkAudience(value: unknown): void {
  const isList = Array.isArray(value) && value.every((one) => typeof one === "string");
  if (value !== undefined && typeof value !== "string" && !isList) {
    throw new ArgumentError(
      `\`aud\` of a payload must be a string or an array of strings, not ${describe(value)}.`,
    );
  }
}

function refuseTwice(payload: Payload, claim: string, option: string, value: unknown): void {
  if (value !== undefined && payload[claim] !== undefined) {
    throw new ArgumentError(
      `The payload has \`${claim}\`, and the option \`${option}\` sets it again: leave one out.`,
    );
  }
}
