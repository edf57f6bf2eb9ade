import type { JWTVerifyGetKey, RemoteJWKSet } from "jose";
import { ArgumentError, toMessage } from "../errors.js";
import { checkOptions } from "../options/check-options.js";
import { kinds, type OptionKinds } from "../options/kinds.js";
import { KeySetUnavailableError } from "./errors.js";
import { loadJose } from "./jose.js";

/** The options of remote keys. Times are in milliseconds. */
export interface RemoteKeySetOptions {
  /** The time that fetched keys are used before they are fetched again. Default 600,000. */
  readonly cacheMaxAge?: number;
  /** The shortest time between two fetches for unknown key ids. Default 30,000. */
  readonly cooldown?: number;
  /** The longest time of one fetch. Default 5000. */
  readonly timeout?: number;
  /** Headers of the fetch. */
  readonly headers?: Readonly<Record<string, string>>;
}

const keySetKinds: OptionKinds<RemoteKeySetOptions> = {
  cacheMaxAge: kinds.time,
  cooldown: kinds.time,
  timeout: kinds.time,
  headers: kinds.object,
};

/** The public keys of another party, such as an identity provider. */
export class RemoteKeySet {
  readonly #url: URL;
  readonly #options: RemoteKeySetOptions;
  #keys: RemoteJWKSet | undefined;

  constructor(url: URL, options: RemoteKeySetOptions) {
    this.#url = url;
    this.#options = options;
  }

  /** Finds the key that a token names. Fetches the keys if they are unknown or too old. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    const jose = await loadJose();
    const { cacheMaxAge, cooldown, timeout, headers } = this.#options;
    this.#keys ??= jose.createRemoteJWKSet(this.#url, {
      ...(cacheMaxAge !== undefined && { cacheMaxAge }),
      ...(cooldown !== undefined && { cooldownDuration: cooldown }),
      ...(timeout !== undefined && { timeoutDuration: timeout }),
      ...(headers !== undefined && { headers: { ...headers } }),
    });
    try {
      return await this.#keys(header, token);
    } catch (error) {
      const { JWKSNoMatchingKey, JWKSMultipleMatchingKeys, JOSENotSupported } = jose.errors;
      // The token names a key that does not exist. Any other error comes from the server of the keys.
      if (
        error instanceof JWKSNoMatchingKey ||
        error instanceof JWKSMultipleMatchingKeys ||
        error instanceof JOSENotSupported
      ) {
        throw error;
      }
      const reason = toMessage(error);
      throw new KeySetUnavailableError(
        `The keys of ${this.#url.origin}${this.#url.pathname} are not available: ${reason}`,
        error,
      );
    }
  };
}

/**
 * Uses the public keys of another party from its JSON Web Key Set (RFC 7517), for `verify`. The keys are fetched with
 * the first token and kept. They are fetched again when a token names an unknown key.
 *
 * @param url `https:`, or `http:` on this machine. If an attacker changed the answer on its way, the attacker could
 * sign any token.
 * @throws {ArgumentError} if the address is not such a URL.
 */
export function createRemoteKeySet(url: string | URL, options: RemoteKeySetOptions = {}): RemoteKeySet {
  checkOptions<RemoteKeySetOptions>(options, "A remote key set", keySetKinds);
  const parsed = URL.canParse(String(url)) ? new URL(url) : undefined;
  if (
    parsed === undefined ||
    !(parsed.protocol === "https:" || (parsed.protocol === "http:" && isLocal(parsed)))
  ) {
    throw new ArgumentError(
      `The address of a remote key set must be an https: URL, or an http: URL on this machine, not "${url}".`,
    );
  }
  return new RemoteKeySet(parsed, options);
}

function isLocal({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d+){3}$/.test(hostname);
}
