import { EventEmitter } from "node:events";
import { CacheKindError, CacheValueError, InvalidOptionError } from "../errors.js";
import { throwLater } from "../throw-later.js";
import type { CacheChange, CacheKind } from "./cache-change.js";
import { type CacheEvent, contentOf, type Item } from "./cache-state.js";
import { type CacheValue, toCacheValue } from "./cache-value.js";

/** Options of all caches. */
export interface CacheOptions {
  /** How many entries are kept. The entry that was used longest ago is dropped. Default: 10000. */
  readonly max?: number;
  /** How long the JSON of a value may be, in characters. Default: 1048576. */
  readonly maxValueLength?: number;
}

/** Options of `set`. */
export interface SetOptions {
  /** The life of the entry in milliseconds. Default: it does not expire. */
  readonly ttl?: number;
}

type WithoutMax<Change> = Change extends unknown ? Omit<Change, "max"> : never;

/**
 * The methods of all caches. Reads are synchronous; a write returns a promise that may be ignored. Values must survive
 * JSON without loss, and are frozen. Emits "change" with `{ type, key }`.
 */
export abstract class Cache extends EventEmitter<{ change: [event: CacheEvent] }> {
  readonly #max: number;
  readonly #limit: number;

  protected constructor({ max = 10_000, maxValueLength = 1_048_576 }: CacheOptions) {
    super();
    this.#max = checkCount("max", max);
    this.#limit = checkCount("maxValueLength", maxValueLength);
  }

  /** Calls the listeners. An error of a listener is an uncaught error and does not change the content. */
  protected tell(event: CacheEvent): void {
    try {
      this.emit("change", event);
    } catch (error) {
      throwLater(error);
    }
  }

  protected abstract find(key: string): Item | undefined;
  protected abstract write(change: CacheChange): Promise<boolean | number | undefined>;
  /** The keys of the cache, in no particular order. */
  abstract keys(): string[];

  /** The value of a key, a frozen array of the members of a set or of the elements of an array, or `undefined`. */
  get(key: string): CacheValue | undefined {
    const item = this.find(key);
    return item === undefined ? undefined : item.kind === "value" ? item.value : contentOf(item);
  }

  has(key: string): boolean {
    return this.find(key) !== undefined;
  }

  /** Sets the value of a key, and replaces an entry of any kind. */
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

  /** Removes an entry of any kind. Resolves to false if there was none. */
  unset(key: string): Promise<boolean> {
    return this.#write({ op: "unset", key: checkKey(key) }) as Promise<boolean>;
  }

  /**
   * Adds a member to a set. Resolves to false if the set already contained it. Members are equal if their JSON is
   * equal.
   */
  set_add(key: string, value: unknown): Promise<boolean> {
    this.#expect(key, "set");
    return this.#write({ op: "set_add", key, value: this.#toValue(key, value) }) as Promise<boolean>;
  }

  set_has(key: string, value: unknown): boolean {
    const item = this.find(key);
    return item?.kind === "set" && item.members.has(JSON.stringify(this.#toValue(key, value)));
  }

  /** Removes a member of a set. Resolves to false if the set did not contain it. An empty set is removed. */
  set_delete(key: string, value: unknown): Promise<boolean> {
    this.#expect(key, "set");
    return this.#write({ op: "set_delete", key, value: this.#toValue(key, value) }) as Promise<boolean>;
  }

  /** Removes a set. Resolves to false if there was none. */
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

  /** Removes an array. Resolves to false if there was none. */
  array_clear(key: string): Promise<boolean> {
    this.#expect(key, "array");
    return this.#write({ op: "array_clear", key }) as Promise<boolean>;
  }

  /** Adds to a number, or to 0 if there is none. Resolves to the sum, in the order of all writers. */
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
    // If a caller does not wait for a write, it does not need the error of the write either.
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
