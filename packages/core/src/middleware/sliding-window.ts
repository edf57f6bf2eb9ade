/** What a limit says of one more request. */
export interface Verdict {
  readonly isAllowed: boolean;
  /** How many more may follow now. */
  readonly remaining: number;
  /** When there will be more, in milliseconds from now. */
  readonly wait: number;
}

/**
 * Counts keys in windows of time that slide: of the window before, as much counts as the last `span` milliseconds still
 * reach into it. Windows begin together, so that two maps are all it takes, and the older one is dropped as a whole.
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

  /** The number of the window that a time is in. */
  toIndex(now: number): number {
    return Math.floor(now / this.#span);
  }

  /** Takes one, unless there is none left: who is refused does not wait any longer for trying. */
  take(key: string, now: number): Verdict {
    const verdict = this.peek(key, now);
    if (verdict.isAllowed) this.#set(key, (this.#current.get(key) ?? 0) + 1);
    return verdict;
  }

  /** What `take` would say. */
  peek(key: string, now: number): Verdict {
    this.#turn(now);
    return this.#judge(key, (this.#current.get(key) ?? 0) + 1, now);
  }

  /**
   * Takes one that was counted elsewhere.
   *
   * @param count How many there are now in the window with this one.
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
    // One more fits when so much of the window before has slid out: in this one, or of this one in the next.
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

  // The key that came longest ago goes first, so that many new ones do not free one that keeps coming.
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
