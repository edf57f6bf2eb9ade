/** The decision of a limit about one more request. */
export interface Verdict {
  readonly isAllowed: boolean;
  /** The number of requests that may follow now. */
  readonly remaining: number;
  /** The time until more requests are allowed, in milliseconds. */
  readonly wait: number;
}

/**
 * Counts keys in sliding windows. Requests of the last window count in proportion to the part of it that lies within
 * the last `span` milliseconds. All windows begin together, so two maps are enough, and the older map is dropped as a
 * whole.
 */
export class SlidingWindow {
  readonly #limit: number;
  readonly #span: number;
  readonly #maxKeys: number;
  #current = new Map<string, number>();
  #previous = new Map<string, number>();
  #index = 0;

  constructor(limit: number, span: number, maxKeys: number) {
    this.#limit = limit;
    this.#span = span;
    this.#maxKeys = maxKeys;
  }

  /** Returns the number of the window that contains a time. */
  toIndex(now: number): number {
    return Math.floor(now / this.#span);
  }

  /** Counts one request, unless none is left. A refused request does not make the client wait longer. */
  take(key: string, now: number): Verdict {
    const verdict = this.peek(key, now);
    if (verdict.isAllowed) this.#set(key, (this.#current.get(key) ?? 0) + 1);
    return verdict;
  }

  /** Returns the result of `take`, without counting. */
  peek(key: string, now: number): Verdict {
    this.#turn(now);
    return this.#judge(key, (this.#current.get(key) ?? 0) + 1, now);
  }

  /**
   * Counts a request that was counted elsewhere.
   *
   * @param count The number of requests in the window, including this one.
   */
  learn(key: string, count: number, now: number): Verdict {
    this.#turn(now);
    this.#set(key, Math.min(this.#limit, Math.max(count, this.#current.get(key) ?? 0)));
    return this.#judge(key, count, now);
  }

  #judge(key: string, count: number, now: number): Verdict {
    const limit = this.#limit;
    const previous = this.#previous.get(key) ?? 0;
    const elapsed = (now % this.#span) / this.#span;
    const used = previous * (1 - elapsed) + count;
    if (used <= limit)
      return { isAllowed: true, remaining: Math.floor(limit - used), wait: this.#span * (1 - elapsed) };
    // One more request is allowed when enough of the previous window has passed: in this window, or in the next one.
    const wait =
      count <= limit
        ? this.#span * (1 - (limit - count) / previous - elapsed)
        : this.#span * (1 - elapsed + 1 - (limit - 1) / Math.min(limit, count - 1));
    return { isAllowed: false, remaining: 0, wait: Math.max(1, wait) };
  }

  #turn(now: number): void {
    const index = this.toIndex(now);
    if (index === this.#index) return;
    this.#previous = index === this.#index + 1 ? this.#current : new Map();
    this.#current = new Map();
    this.#index = index;
  }

  // The key that was unused for the longest time is removed first. So a large number of new keys cannot remove a key
  // that is still in use.
  #set(key: string, count: number): void {
    const keys = this.#current;
    keys.delete(key);
    keys.set(key, count);
    if (keys.size <= this.#maxKeys) return;
    for (const oldest of keys.keys()) {
      keys.delete(oldest);
      return;
    }
  }
}
