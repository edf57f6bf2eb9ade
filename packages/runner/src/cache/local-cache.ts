import { CacheKindError } from "../errors.js";
import { Cache, type CacheOptions } from "./cache.js";
import type { CacheChange } from "./cache-change.js";
import { CacheState, type Item } from "./cache-state.js";

// The time between searches for expired entries, in milliseconds. Reads never show expired entries.
const sweepTime = 30_000;

/** A cache of this process alone. The entry that was read or written longest ago is dropped first. */
export class LocalCache extends Cache {
  readonly #state = new CacheState((event) => this.tell(event));
  #seq = 0;
  #clock = 0;
  /** The keys, sorted by their last use at the time of the last sort. The key used longest ago is at the end. */
  #oldest: { readonly key: string; readonly used: number }[] = [];
  #sweep: NodeJS.Timeout | undefined;

  constructor(options: CacheOptions = {}) {
    super(options);
  }

  keys(): string[] {
    const now = Date.now();
    return Array.from(this.#state.items).flatMap(([key, item]) => (item.expires > now ? [key] : []));
  }

  protected find(key: string): Item | undefined {
    const { items } = this.#state;
    const item = items.get(key);
    if (item === undefined) return undefined;
    if (item.expires !== Number.POSITIVE_INFINITY && item.expires <= Date.now()) return undefined;
    item.used = ++this.#clock;
    return item;
  }

  protected async write(change: CacheChange): Promise<boolean | number | undefined> {
    // The base class would use the order of the writes, but here reads count too.
    const outcome = this.#apply({ ...change, max: Number.POSITIVE_INFINITY });
    if ("key" in change) {
      const item = this.#state.items.get(change.key);
      if (item !== undefined) item.used = ++this.#clock;
    }
    while (this.#state.items.size > change.max) this.#state.evict(this.#takeOldest());
    if (this.#state.nextExpiry !== undefined) this.#keepSweeping(change.max);
    if (outcome.failure === undefined) return outcome.result;
    throw CacheKindError.lost(change, outcome.found);
  }

  /**
   * Finds the key that was used longest ago. A read only records its time. The keys are sorted once for as many
   * evictions as there are keys. Keys that were used after the sort are skipped.
   */
  #takeOldest(): string {
    const { items } = this.#state;
    for (;;) {
      const next = this.#oldest.pop();
      if (next !== undefined && items.get(next.key)?.used === next.used) return next.key;
      if (next !== undefined) continue;
      this.#oldest = Array.from(items, ([key, { used = 0 }]) => ({ key, used }));
      this.#oldest.sort((left, right) => right.used - left.used);
    }
  }

  #apply(change: CacheChange) {
    return this.#state.apply({ seq: ++this.#seq, at: Date.now(), from: "", n: this.#seq, change });
  }

  #keepSweeping(max: number): void {
    this.#sweep ??= setInterval(() => {
      this.#apply({ op: "tick", max });
      if (this.#state.nextExpiry !== undefined) return;
      clearInterval(this.#sweep);
      this.#sweep = undefined;
    }, sweepTime).unref();
  }
}
