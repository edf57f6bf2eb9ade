import { KeyObject } from "node:crypto";
import { ArgumentError } from "../errors.js";
import { WeakSecretError } from "./errors.js";

/** A secret of at least 32 bytes, or a key of `node:crypto`. */
export type Secret = string | Uint8Array | KeyObject;

const shortest = 32;

/** Makes the key of a secret, and refuses one that could be guessed. */
export function toKey(secret: Secret): Uint8Array | KeyObject {
  if (secret instanceof KeyObject) {
    if (secret.type === "secret") checkLength(secret.symmetricKeySize ?? 0);
    return secret;
  }
  if (typeof secret !== "string" && !(secret instanceof Uint8Array)) {
    throw new ArgumentError("The secret of a token is a string, bytes, or a key of node:crypto.");
  }
  const bytes = typeof secret === "string" ? new TextEncoder().encode(secret) : secret;
  checkLength(bytes.byteLength);
  return bytes;
}

/** The algorithms that fit a key: with a public key, an HMAC must never do. */
export function toAlgorithms(key: Uint8Array | KeyObject): string[] {
  if (key instanceof Uint8Array || key.type === "secret") return ["HS256"];
  switch (key.asymmetricKeyType) {
    case "rsa":
      return ["RS256", "PS256"];
    case "rsa-pss":
      return ["PS256"];
    case "ec":
      return key.asymmetricKeyDetails?.namedCurve === "secp384r1" ? ["ES384"] : ["ES256"];
    case "ed25519":
      return ["EdDSA"];
    default:
      throw new ArgumentError(`Keys of the type ${key.asymmetricKeyType} do not sign tokens.`);
  }
}

function checkLength(length: number): void {
  if (length < shortest) {
    throw new WeakSecretError(
      `The secret has ${length} bytes and needs ${shortest}: make one with crypto.randomBytes(32).toString("hex").`,
    );
  }
}
