interface Accepted {
  /** The payload as it was signed. Each caller gets its own copy of the object. */
  readonly text: string;
  /** The expiry in seconds since 1970. */
  readonly exp: number;
  readonly nbf: number;
  /** The end of the entry, in milliseconds of a monotonic clock. */
  readonly until: number;
}

const mostTokens = 5000;
const longestToken = 4096;
const lifetime = 60_000;

/**
 * The tokens that a key has accepted. A token stays for a minute at most, and never past its `exp`. The check of a
 * signature costs more than the rest of a request, and a browser sends the same token with each request.
 */
export class AcceptedTokens {
  readonly #accepted = new Map<string, Accepted>();

  /** Returns the payload of a token that was accepted under the same conditions, or `undefined`. */
  find(token: string, conditions: string): Record<string, unknown> | undefined {
    const key = conditions + token;
    const accepted = this.#accepted.get(key);
    if (accepted === undefined) return undefined;
    const now = Math.floor(Date.now() / 1000);
    if (accepted.until > performance.now() && accepted.exp > now && accepted.nbf <= now) {
      return JSON.parse(accepted.text) as Record<string, unknown>;
    }
    this.#accepted.delete(key);
    return undefined;
  }

  /** Remembers a token. */
  keep(token: string, conditions: string, payload: Readonly<Record<string, unknown>>): void {
    if (token.length > longestToken) return;
    if (this.#accepted.size >= mostTokens) this.#forgetOldest();
    this.#accepted.set(conditions + token, {
      text: JSON.stringify(payload),
      exp: toTime(payload.exp, Number.POSITIVE_INFINITY),
      nbf: toTime(payload.nbf, Number.NEGATIVE_INFINITY),
      until: performance.now() + lifetime,
    });
  }

  // A map keeps its entries in the order of insertion.
  #forgetOldest(): void {
    const [oldest] = this.#accepted.keys();
    if (oldest !== undefined) this.#accepted.delete(oldest);
  }
}

function toTime(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}
