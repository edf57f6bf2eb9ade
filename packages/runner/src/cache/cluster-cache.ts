import type { Backplane, CacheLink } from "../backplane/backplane.js";
import { sharedBackplane } from "../backplane/connect-backplane.js";
import { createDeferred, type Deferred } from "../cluster/deferred.js";
import { CacheKindError, CacheStateError, InvalidOptionError } from "../errors.js";
import { Cache, type CacheOptions } from "./cache.js";
import type { CacheChange, CacheEntry } from "./cache-change.js";
import {
  applyToItem,
  type CacheSnapshot,
  CacheState,
  cloneItem,
  type Item,
  type Outcome,
} from "./cache-state.js";

/** Options of `ClusterCache`. */
export interface ClusterCacheOptions extends CacheOptions {
  /** The backplane that carries the writes. Default: that of the process, which `MIQRO_BACKPLANE` chooses. */
  readonly backplane?: Backplane;
}

type Result = boolean | number | undefined;

/** A write that has no position in the sequence yet, and the promise of its caller. */
interface PendingWrite {
  readonly n: number;
  readonly change: CacheChange;
  readonly done: Deferred<Result>;
}

/** The content of a key with the pending writes applied; `undefined` for an entry that they remove. */
interface Overlay {
  item: Item | undefined;
  pending: number;
}

// The number of writes that may wait while the sequencer cannot be reached.
const mostPending = 10_000;

/**
 * A cache that all workers share, on all machines of the backplane. Reads come from a replica in this process, with
 * this process's own pending writes applied on top.
 */
export class ClusterCache extends Cache {
  readonly name: string;
  readonly #state = new CacheState((event) => this.tell(event));
  readonly #pending = new Map<number, PendingWrite>();
  readonly #overlays = new Map<string, Overlay>();
  readonly #ready: Promise<void>;
  #pendingClears = 0;
  #phase: "opening" | "open" | "closed" = "opening";
  #link: CacheLink | undefined;
  #from = "";
  #n = 0;

  /** @param name processes that give the same name share the cache */
  constructor(name: string, options: ClusterCacheOptions = {}) {
    super(options);
    if (typeof name !== "string" || name === "") throw new InvalidOptionError("name", "a string", name);
    this.name = name;
    this.#ready = this.#open(options.backplane);
    this.#ready.catch(() => {});
  }

  /** Resolves when the whole content has arrived. Before that, reading and writing throw. */
  ready(): Promise<void> {
    return this.#ready;
  }

  /** Resolves when all earlier writes of this process are sequenced and applied here. */
  async flush(): Promise<void> {
    if (this.#phase === "closed")
      throw new CacheStateError(`The cache ${this.name} is closed; flush it before close().`);
    await this.#ready;
    await Promise.allSettled(Array.from(this.#pending.values(), ({ done }) => done.promise));
  }

  /** Waits for the writes of this process, then leaves. */
  async close(): Promise<void> {
    if (this.#phase === "closed") return;
    await this.flush();
    this.#phase = "closed";
    this.#link?.leave();
  }

  keys(): string[] {
    this.#check();
    const now = Date.now();
    const keys = new Set<string>();
    if (this.#pendingClears === 0) for (const key of this.#state.items.keys()) keys.add(key);
    for (const key of this.#overlays.keys()) keys.add(key);
    return [...keys].filter((key) => (this.#find(key)?.expires ?? 0) > now);
  }

  protected find(key: string): Item | undefined {
    if (this.#phase !== "open") this.#check();
    const item =
      this.#overlays.size === 0 && this.#pendingClears === 0 ? this.#state.items.get(key) : this.#find(key);
    if (item === undefined) return undefined;
    return item.expires === Number.POSITIVE_INFINITY || item.expires > Date.now() ? item : undefined;
  }

  protected write(change: CacheChange): Promise<Result> {
    this.#check();
    if (this.#pending.size >= mostPending) {
      const message = `${mostPending} writes to the cache ${this.name} already wait for its backplane; await some of them.`;
      return Promise.reject(new CacheStateError(message));
    }
    const write = { n: ++this.#n, change, done: createDeferred<Result>() };
    this.#pending.set(write.n, write);
    this.#overlay(change);
    this.#link?.append(write.n, change);
    return write.done.promise;
  }

  #find(key: string): Item | undefined {
    const overlay = this.#overlays.get(key);
    if (overlay !== undefined) return overlay.item;
    return this.#pendingClears === 0 ? this.#state.items.get(key) : undefined;
  }

  async #open(given: Backplane | undefined): Promise<void> {
    const backplane = given ?? (await sharedBackplane());
    this.#from = backplane.id;
    const state = this.#state;
    this.#link = await backplane.join(this.name, {
      get seq() {
        return state.seq;
      },
      get nextExpiry() {
        return state.nextExpiry;
      },
      save: () => state.save(),
      apply: (entry) => this.#apply(entry),
      load: (snapshot, confirmed) => this.#load(snapshot, confirmed),
    });
    this.#phase = "open";
  }

  #apply(entry: CacheEntry): void {
    const { change } = entry;
    const isOwn = entry.from === this.#from;
    const write = isOwn ? this.#pending.get(entry.n) : undefined;
    const outcome = this.#state.apply(entry);
    if (write !== undefined) {
      this.#pending.delete(entry.n);
      settle(write, outcome);
    }
    if (this.#overlays.size === 0 && this.#pendingClears === 0) return;
    if (change.op === "clear") {
      this.#rebuildOverlays();
      return;
    }
    if (change.op === "tick") return;
    const overlay = this.#overlays.get(change.key);
    if (overlay === undefined) return;
    if (write === undefined) this.#rebuildOverlay(change.key);
    // If no other process wrote this key in the meantime, the pending result was already right.
    else if (--overlay.pending === 0) this.#overlays.delete(change.key);
  }

  #load(snapshot: CacheSnapshot, confirmed: number): void {
    this.#state.load(snapshot);
    for (const write of this.#pending.values()) {
      if (write.n > confirmed) continue;
      this.#pending.delete(write.n);
      // The write is part of the content. Its result is only known for operations whose result is always the same.
      if (write.change.op === "set" || write.change.op === "clear") write.done.resolve(undefined);
      else
        write.done.reject(
          new CacheStateError(
            `A write to the cache ${this.name} succeeded, but its result is lost; read the value with get().`,
          ),
        );
    }
    this.#rebuildOverlays();
  }

  #overlay(change: CacheChange): void {
    if (change.op === "tick") return;
    if (change.op === "clear") {
      this.#pendingClears++;
      for (const overlay of this.#overlays.values()) overlay.item = undefined;
      return;
    }
    const { key } = change;
    let overlay = this.#overlays.get(key);
    if (overlay === undefined) {
      const item = this.#pendingClears === 0 ? this.#state.items.get(key) : undefined;
      overlay = { item: item === undefined ? undefined : cloneItem(item), pending: 0 };
      this.#overlays.set(key, overlay);
    }
    overlay.pending++;
    overlay.item = applyToItem(overlay.item, change, Date.now()).item;
  }

  #rebuildOverlay(key: string): void {
    if (this.#pendingClears > 0) {
      this.#rebuildOverlays();
      return;
    }
    this.#overlays.delete(key);
    for (const { change } of this.#pending.values())
      if ("key" in change && change.key === key) this.#overlay(change);
  }

  #rebuildOverlays(): void {
    this.#overlays.clear();
    this.#pendingClears = 0;
    for (const { change } of this.#pending.values()) this.#overlay(change);
  }

  #check(): void {
    if (this.#phase === "open") return;
    throw new CacheStateError(
      this.#phase === "closed"
        ? `The cache ${this.name} is closed.`
        : `The cache ${this.name} has not read its content yet; await ready() first.`,
    );
  }
}

function settle({ change, done }: PendingWrite, outcome: Outcome): void {
  if (outcome.failure === undefined) done.resolve(outcome.result);
  else done.reject(CacheKindError.lost(change, outcome.found));
}
