import { EventEmitter } from "node:events";
import { CacheKindError, CacheValueError, InvalidOptionError } from "../errors.js";
import { throwLater } from "../throw-later.js";
import type { CacheChange, CacheKind } from "./cache-change.js";
import { type CacheEvent, contentOf, type Item } from "./cache-state.js";
import { type CacheValue, toCacheValue } from "./cache-value.js";

/** Options of all caches. */
export interface CacheOptions {
  /** How many entries are kept; the one that was used longest ago gives way. Default: 10000. */
  readonly max?: number;
  /** How long the JSON of a value may be, in characters. Default: 1048576. */
  readonly maxValueLength?: number;
}

/** Options of `set`. */
export interface SetOptions {
  /** Milliseconds after which the entry is gone. Default: it stays. */
  readonly ttl?: number;
}

type WithoutMax<Change> = Change extends unknown ? Omit<Change, "max"> : never;

/**
 * What all caches can do. Reads are synchronous; a write returns a promise that may be ignored. Values are what JSON
 * carries without loss, and are frozen. Emits "change" with `{ type, key }`.
 */
export abstract class Cache extends EventEmitter<{ change: [event: CacheEvent] }> {
  readonly #max: number;
  readonly #limit: number;

  protected constructor({ max = 10_000, maxValueLength = 1_048_576 }: CacheOptions) {
    super();
    this.#max = checkCount("max", max);
    this.#limit = checkCount("maxValueLength", maxValueLength);
  }

  /** Tells the listeners. One that throws is an uncaught error, and changes nothing of the content. */
  protected tell(event: CacheEvent): void {
    try {
      this.emit("change", event);
    } catch (error) {
      throwLater(error);
    }
  }

  protected abstract find(key: string): Item | undefined;
  protected abstract write(change: CacheChange): Promise<boolean | number | undefined>;
  /** The keys that are there, in no order. */
  abstract keys(): string[];

  /** The value of a key, a frozen array of the members of a set or of the elements of an array, or `undefined`. */
  get(key: string): CacheValue | undefined {
    const item = this.find(key);
    return item === undefined ? undefined : item.kind === "value" ? item.value : contentOf(item);
  }

  has(key: string): boolean {
    return this.find(key) !== undefined;
  }

  /** Sets a value in place of whatever the key held. */
  set(key: string, value: unknown, { ttl }: SetOptions = {}): Promise<void> {
    if (ttl !== undefined && !(typeof ttl === "number" && ttl > 0 && Number.isFinite(ttl))) {
      throw new InvalidOptionError("ttl", "a number of milliseconds above 0", ttl);
    }
    return this.#write({
      op: "set",
      key: checkKey(key),
      value: this.#toValue(key, value),
      ttl,
    }) as Promise<void>;
  }

  /** Removes an entry of any kind; resolves to false when there was none. */
  unset(key: string): Promise<boolean> {
    return this.#write({ op: "unset", key: checkKey(key) }) as Promise<boolean>;
  }

  /** Adds a member to a set; resolves to false when it was there. Members are the same when their JSON is. */
  set_add(key: string, value: unknown): Promise<boolean> {
    this.#expect(key, "set");
    return this.#write({ op: "set_add", key, value: this.#toValue(key, value) }) as Promise<boolean>;
  }

  set_has(key: string, value: unknown): boolean {
    const item = this.find(key);
    return item?.kind === "set" && item.members.has(JSON.stringify(this.#toValue(key, value)));
  }

  /** Removes a member of a set; resolves to false when it was not there. The last one takes the set with it. */
  set_delete(key: string, value: unknown): Promise<boolean> {
    this.#expect(key, "set");
    return this.#write({ op: "set_delete", key, value: this.#toValue(key, value) }) as Promise<boolean>;
  }

  /** Removes a set; resolves to false when there was none. */
  set_clear(key: string): Promise<boolean> {
    this.#expect(key, "set");
    return this.#write({ op: "set_clear", key }) as Promise<boolean>;
  }

  /** Adds an element at the end of an array; resolves to the new length. */
  array_push(key: string, value: unknown): Promise<number> {
    this.#expect(key, "array");
    return this.#write({ op: "array_push", key, value: this.#toValue(key, value) }) as Promise<number>;
  }

  /** The elements of an array, frozen; an empty array when there is none. */
  array_get(key: string): readonly CacheValue[] {
    const item = this.find(key);
    return item?.kind === "array" ? (contentOf(item) as readonly CacheValue[]) : emptyArray;
  }

  /** Removes an array; resolves to false when there was none. */
  array_clear(key: string): Promise<boolean> {
    this.#expect(key, "array");
    return this.#write({ op: "array_clear", key }) as Promise<boolean>;
  }

  /** Adds to a number, or to 0 where there is none; resolves to the sum, in the order of all writers. */
  incr(key: string, by = 1): Promise<number> {
    if (typeof by !== "number" || !Number.isFinite(by)) throw new InvalidOptionError("by", "a number", by);
    const item = this.find(checkKey(key));
    if (item !== undefined && !(item.kind === "value" && typeof item.value === "number")) {
      throw new CacheKindError(key, "a number", describeItem(item));
    }
    return this.#write({ op: "incr", key, by }) as Promise<number>;
  }

  /** Removes all entries. */
  clear(): Promise<void> {
    return this.#write({ op: "clear" }) as Promise<void>;
  }

  #write(change: WithoutMax<CacheChange>): Promise<unknown> {
    const written = this.write({ ...change, max: this.#max } as CacheChange);
    // Who does not wait for a write does not want to hear of it either.
    written.catch(() => {});
    return written;
  }

  #toValue(key: string, value: unknown): CacheValue {
    return toCacheValue(value, key, this.#limit);
  }

  #expect(key: string, kind: CacheKind): void {
    const item = this.find(checkKey(key));
    if (item !== undefined && item.kind !== kind) {
      throw new CacheKindError(key, kind === "set" ? "a set" : "an array", describeItem(item));
    }
  }
}

const emptyArray: readonly CacheValue[] = Object.freeze([]);

function checkKey(key: string): string {
  if (typeof key !== "string" || key.length > 1024) throw CacheValueError.wrongKey(key);
  return key;
}

function checkCount(option: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new InvalidOptionError(option, "an integer from 1", value);
}

function describeItem(item: Item): string {
  if (item.kind === "set") return "a set";
  if (item.kind === "array") return "an array";
  return typeof item.value === "number" ? "a number" : "a value";
}
