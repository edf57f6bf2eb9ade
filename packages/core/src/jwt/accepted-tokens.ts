interface Accepted {
  readonly token: string;
  /** The payload as it was signed. Each caller gets its own copy of the object. */
  readonly payload: Readonly<Record<string, unknown>>;
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
    const name = toName(token, conditions);
    const accepted = this.#accepted.get(name);
    if (accepted?.token !== token) return undefined;
    const now = Math.floor(Date.now() / 1000);
    if (accepted.until > performance.now() && accepted.exp > now && accepted.nbf <= now)
      return copyJSON(accepted.payload);
    this.#accepted.delete(name);
    return undefined;
  }

  /** Remembers a token. */
  keep(token: string, conditions: string, payload: Readonly<Record<string, unknown>>): void {
    if (token.length > longestToken) return;
    if (this.#accepted.size >= mostTokens) this.#forgetOldest();
    this.#accepted.set(toName(token, conditions), {
      token,
      payload: copyJSON(payload),
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

/** Ends with the end of the signature. A Map reads all characters of its key for each request. */
function toName(token: string, conditions: string): string {
  return conditions + token.slice(-24);
}

/** Copies a value that came from JSON. This is faster than parsing it again. */
function copyJSON<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copyJSON) as Value;
  const copy = { ...value };
  for (const name of Object.keys(copy) as (keyof Value)[]) {
    if (typeof copy[name] === "object") copy[name] = copyJSON(copy[name]);
  }
  return copy;
}

function toTime(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}
