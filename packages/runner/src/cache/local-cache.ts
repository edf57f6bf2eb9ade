import { CacheKindError } from "../errors.js";
import { Cache, type CacheOptions } from "./cache.js";
import type { CacheChange } from "./cache-change.js";
import { CacheState, type Item } from "./cache-state.js";

// How often entries that have expired are looked for, in milliseconds; reads never show them.
const sweepTime = 30_000;

/** A cache of this process alone. The entry that was read or written longest ago gives way. */
export class LocalCache extends Cache {
  readonly #state = new CacheState((event) => this.tell(event));
  #seq = 0;
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
    items.delete(key);
    items.set(key, item);
    return item;
  }

  protected async write(change: CacheChange): Promise<boolean | number | undefined> {
    const outcome = this.#apply(change);
    if (this.#state.nextExpiry !== undefined) this.#keepSweeping(change.max);
    if (outcome.failure === undefined) return outcome.result;
    throw CacheKindError.lost(change, outcome.found);
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
