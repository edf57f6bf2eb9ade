import type { CacheChange, CacheEntry, CacheKind } from "./cache-change.js";
import { type CacheValue, freezeDeep } from "./cache-value.js";
import { ExpiryHeap } from "./expiry-heap.js";

/**
 * One entry of a cache. A set is a map from the JSON of its members to the members. `used` is only needed for a cache
 * of one process, in which reads count too.
 */
export type Item = { used?: number } & (
  | { readonly kind: "value"; value: CacheValue; expires: number }
  | { readonly kind: "set"; readonly members: Map<string, CacheValue>; expires: number }
  | {
      readonly kind: "array";
      readonly values: CacheValue[];
      view: readonly CacheValue[] | undefined;
      expires: number;
    }
);

/** The effect of a write, or the reason why it had none. */
export type Outcome =
  | { readonly result: boolean | number | undefined; readonly failure?: undefined }
  | { readonly failure: "kind" | "number"; readonly found: CacheKind };

/** The event of an entry. */
export interface CacheEvent {
  /** `expire`: the `ttl` of the entry has passed. `evict`: the cache was full. */
  readonly type: "set" | "unset" | "expire" | "evict" | "clear";
  /** The changed key; `undefined` for `clear`, which concerns all keys. */
  readonly key: string | undefined;
}

/** The content of a cache at one position of its sequence, as JSON. */
export interface CacheSnapshot {
  readonly seq: number;
  readonly at: number;
  /** Key, kind, content, and time of expiry or 0. The entry that was written longest ago comes first. */
  readonly items: readonly (readonly [string, CacheKind, CacheValue, number])[];
}

/**
 * The content of a cache. It depends on the writes in their order and on nothing else: expiry uses the time that the
 * sequencer gave each write, and eviction uses the order of the writes. So replicas that apply the same sequence are
 * equal.
 */
export class CacheState {
  /** The entries in the order of their last write. */
  readonly items: Map<string, Item> = new Map();
  readonly #expiries = new ExpiryHeap();
  readonly #onEvent: (event: CacheEvent) => void;
  #seq = 0;
  #at = 0;

  constructor(onEvent: (event: CacheEvent) => void = () => {}) {
    this.#onEvent = onEvent;
  }

  get seq(): number {
    return this.#seq;
  }

  /** When the next entry expires by the sequencer's clock; `undefined` if no entry expires. */
  get nextExpiry(): number | undefined {
    return this.#expiries.first;
  }

  apply({ seq, at, change }: CacheEntry): Outcome {
    this.#seq = seq;
    // The clock of the sequencer may go backwards.
    this.#at = Math.max(this.#at, at);
    this.#expire();
    switch (change.op) {
      case "tick":
        return { result: undefined };
      case "clear":
        this.items.clear();
        this.#expiries.clear();
        this.#onEvent({ type: "clear", key: undefined });
        return { result: undefined };
    }
    const { key } = change;
    const before = this.items.get(key);
    const { item, outcome } = applyToItem(before, change, this.#at);
    if (outcome.failure !== undefined || (item === before && outcome.result === false)) return outcome;
    this.items.delete(key);
    if (item === undefined) {
      if (before !== undefined) this.#onEvent({ type: "unset", key });
      return outcome;
    }
    this.items.set(key, item);
    if (item.expires !== before?.expires) this.#expiries.add(key, item.expires);
    this.#onEvent({ type: "set", key });
    this.#evict(change.max);
    return outcome;
  }

  load(snapshot: CacheSnapshot): void {
    this.#seq = snapshot.seq;
    this.#at = snapshot.at;
    this.items.clear();
    this.#expiries.clear();
    for (const [key, kind, content, expires] of snapshot.items) {
      const item = toItem(kind, freezeDeep(content), expires === 0 ? Number.POSITIVE_INFINITY : expires);
      this.items.set(key, item);
      this.#expiries.add(key, item.expires);
    }
    this.#onEvent({ type: "clear", key: undefined });
    for (const key of this.items.keys()) this.#onEvent({ type: "set", key });
  }

  save(): CacheSnapshot {
    const items = Array.from(this.items, ([key, item]) => {
      return [key, item.kind, contentOf(item), Number.isFinite(item.expires) ? item.expires : 0] as const;
    });
    return { seq: this.#seq, at: this.#at, items };
  }

  /** Drops one entry to make room. */
  evict(key: string): void {
    if (this.items.delete(key)) this.#onEvent({ type: "evict", key });
  }

  #expire(): void {
    for (;;) {
      const key = this.#expiries.takeDue(this.#at, (name) => this.items.get(name)?.expires);
      if (key === undefined) return;
      this.items.delete(key);
      this.#onEvent({ type: "expire", key });
    }
  }

  #evict(max: number): void {
    for (const key of this.items.keys()) {
      if (this.items.size <= max) return;
      this.evict(key);
    }
  }
}

/** Applies a write to the entry of its key. The entry is changed in place if possible. */
export function applyToItem(
  found: Item | undefined,
  change: Exclude<CacheChange, { readonly op: "clear" | "tick" }>,
  at: number,
): { readonly item: Item | undefined; readonly outcome: Outcome } {
  const item = found !== undefined && found.expires <= at ? undefined : found;
  const done = (next: Item | undefined, result?: boolean | number) => ({ item: next, outcome: { result } });
  switch (change.op) {
    case "set": {
      const expires = change.ttl === undefined ? Number.POSITIVE_INFINITY : at + change.ttl;
      return done({ kind: "value", value: freezeDeep(change.value), expires });
    }
    case "unset":
      return done(undefined, item !== undefined);
    case "incr": {
      const before = item === undefined ? 0 : item.kind === "value" ? item.value : Number.NaN;
      const after = typeof before === "number" ? before + change.by : Number.NaN;
      if (!Number.isFinite(after))
        return { item, outcome: { failure: "number", found: item?.kind ?? "value" } };
      return done({ kind: "value", value: after, expires: item?.expires ?? Number.POSITIVE_INFINITY }, after);
    }
  }
  const kind = change.op.startsWith("set_") ? "set" : "array";
  if (item !== undefined && item.kind !== kind)
    return { item, outcome: { failure: "kind", found: item.kind } };
  if (!("value" in change)) return done(undefined, item !== undefined);
  const target = item ?? toItem(kind, [], Number.POSITIVE_INFINITY);
  if (target.kind === "array") {
    target.values.push(freezeDeep(change.value));
    target.view = undefined;
    return done(target, target.values.length);
  }
  if (target.kind !== "set") return done(item);
  const member = JSON.stringify(change.value);
  if (change.op === "set_delete") {
    const isGone = target.members.delete(member);
    return done(target.members.size === 0 ? undefined : target, isGone);
  }
  if (target.members.has(member)) return done(item, false);
  target.members.set(member, freezeDeep(change.value));
  return done(target, true);
}

/** The result of `get`: the value, or a frozen array of the members or elements. */
export function contentOf(item: Item): CacheValue {
  if (item.kind === "value") return item.value;
  if (item.kind === "set") return Object.freeze([...item.members.values()]);
  item.view ??= Object.freeze([...item.values]);
  return item.view;
}

/** A copy that can be changed independently. */
export function cloneItem(item: Item): Item {
  if (item.kind === "value") return { ...item };
  if (item.kind === "set") return { ...item, members: new Map(item.members) };
  return { ...item, values: [...item.values] };
}

function toItem(kind: CacheKind, content: CacheValue, expires: number): Item {
  if (kind === "value") return { kind, value: content, expires };
  const values = Array.isArray(content) ? (content as readonly CacheValue[]) : [];
  if (kind === "array") return { kind, values: [...values], view: undefined, expires };
  return { kind, members: new Map(values.map((value) => [JSON.stringify(value), value])), expires };
}
