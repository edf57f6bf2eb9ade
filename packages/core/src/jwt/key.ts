import { createSecretKey, KeyObject } from "node:crypto";
import { ArgumentError } from "../errors.js";
import { describe } from "../options/check-options.js";
import { WeakSecretError } from "./errors.js";

/** A secret: a string or bytes, of at least 32 bytes, or a key of `node:crypto`. */
export type Secret = string | Uint8Array | KeyObject;

const shortest = 32;
// Most programs have few secrets, but a program may have one secret for each tenant.
const mostKept = 1000;
const kept = new Map<string, KeyObject>();
// Comparing a string takes a tenth of the time that a Map takes for a new string, such as a value of `process.env`.
let last: { readonly secret: string; readonly key: KeyObject } | undefined;

/**
 * Makes the key of a secret.
 *
 * @throws {WeakSecretError} if the secret has fewer than 32 bytes.
 * @throws {ArgumentError} if the value is not a secret.
 */
export function toKey(secret: Secret): KeyObject {
  if (typeof secret === "string") {
    if (last?.secret !== secret) {
      const key = kept.get(`s${secret}`) ?? keepKey(`s${secret}`, Buffer.from(secret));
      last = { secret, key };
    }
    return last.key;
  }
  if (secret instanceof Uint8Array) {
    const bytes = Buffer.from(secret.buffer, secret.byteOffset, secret.byteLength);
    // The name contains the bytes themselves, because the program can change the array later.
    const name = `b${bytes.toString("latin1")}`;
    return kept.get(name) ?? keepKey(name, bytes);
  }
  if (!(secret instanceof KeyObject)) {
    throw new ArgumentError(
      `The secret of a token must be a string, bytes or a key of node:crypto, not ${describe(secret)}.`,
    );
  }
  if (secret.type === "secret") checkLength(secret.symmetricKeySize ?? 0);
  return secret;
}

// The same secret gives the same key object, because other caches use this object as their key.
function keepKey(name: string, bytes: Uint8Array): KeyObject {
  checkLength(bytes.byteLength);
  const key = createSecretKey(bytes);
  if (kept.size >= mostKept) kept.clear();
  kept.set(name, key);
  return key;
}

function checkLength(length: number): void {
  if (length < shortest) {
    throw new WeakSecretError(
      `The secret has ${length} bytes, but needs at least ${shortest}: make one with crypto.randomBytes(32).toString("hex").`,
    );
  }
}
