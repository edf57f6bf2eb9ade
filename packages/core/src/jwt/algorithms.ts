import type { KeyObject } from "node:crypto";
import { ArgumentError } from "../errors.js";
import { describe } from "../options/check-options.js";

const ofCurves: Readonly<Record<string, string>> = {
  prime256v1: "ES256",
  secp384r1: "ES384",
  secp521r1: "ES512",
};

/**
 * Returns the algorithms that can sign with a key. The first one is the default. A public key must never verify an
 * HMAC, because everyone knows its "secret".
 *
 * @throws {ArgumentError} if keys of this type cannot sign tokens.
 */
export function toAlgorithms(key: KeyObject): readonly [string, ...string[]] {
  if (key.type === "secret") return ["HS256", "HS384", "HS512"];
  switch (key.asymmetricKeyType) {
    case "rsa":
      return ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];
    case "rsa-pss":
      return ["PS256", "PS384", "PS512"];
    case "ed25519":
      return ["EdDSA", "Ed25519"];
    case "ec": {
      const algorithm = ofCurves[key.asymmetricKeyDetails?.namedCurve ?? ""];
      if (algorithm !== undefined) return [algorithm];
    }
  }
  const curve = key.asymmetricKeyDetails?.namedCurve;
  throw new ArgumentError(
    `Keys of the type "${key.asymmetricKeyType}"${curve === undefined ? "" : ` with the curve "${curve}"`} do not sign tokens.`,
  );
}

/**
 * Refuses algorithms that do not fit a key, and `none`.
 *
 * @param fitting The algorithms of the key.
 */
export function checkAlgorithms(option: string, asked: readonly string[], fitting: readonly string[]): void {
  const wrong = asked.filter((name) => !fitting.includes(name));
  if (asked.length > 0 && wrong.length === 0) return;
  const list = fitting.map((name) => `"${name}"`).join(", ");
  throw new ArgumentError(
    asked.length === 0
      ? `\`${option}\` of a token must contain at least one algorithm. The key takes ${list}.`
      : `\`${option}\` of a token cannot be ${describe(wrong[0])}. The key takes ${list}.`,
  );
}
