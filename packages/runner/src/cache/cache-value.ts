import { CacheValueError } from "../errors.js";

/** The values that a cache can hold: JSON can carry them without loss. */
export type CacheValue =
  | null
  | boolean
  | number
  | string
  | readonly CacheValue[]
  | { readonly [key: string]: CacheValue | undefined };

// Deeper than any value in practice, and not too deep for the call stack.
const deepest = 200;

/**
 * Copies a value and freezes it at every depth. Throws `CacheValueError` for a value that JSON cannot carry without
 * loss, and for a value whose JSON is longer than `limit` characters.
 */
export function toCacheValue(value: unknown, key: string, limit: number): CacheValue {
  let size = 0;
  const above = new Set<unknown>();
  const add = (length: number): void => {
    size += length;
    if (size > limit) throw CacheValueError.tooLarge(key, limit);
  };
  const copy = (part: unknown, path: string, depth: number): CacheValue => {
    if (typeof part === "string") {
      add(part.length + 2);
      return part;
    }
    if (above.has(part)) throw CacheValueError.unserialisable(key, path.slice(0, 80), "a circle");
    add(4);
    if (part === null || typeof part === "boolean") return part;
    // JSON cannot represent -0.
    if (typeof part === "number" && Number.isFinite(part)) return part === 0 ? 0 : part;
    if (depth > deepest) {
      throw CacheValueError.unserialisable(key, path.slice(0, 80), `deeper than ${deepest} levels`);
    }
    above.add(part);
    if (Array.isArray(part)) {
      const copies = Array.from(part, (one, index) => copy(one, `${path}[${index}]`, depth + 1));
      above.delete(part);
      return Object.freeze(copies);
    }
    if (!isPlainObject(part)) throw CacheValueError.unserialisable(key, path, nameOf(part));
    const result: Record<string, CacheValue> = {};
    for (const [name, one] of Object.entries(part)) {
      if (one === undefined) continue;
      add(name.length + 3);
      const copied = copy(one, `${path}.${name}`, depth + 1);
      // An assignment to this name would change the prototype.
      if (name === "__proto__") Object.defineProperty(result, name, { value: copied, enumerable: true });
      else result[name] = copied;
    }
    above.delete(part);
    return Object.freeze(result);
  };
  return copy(value, "value", 0);
}

/** Freezes a value that was parsed from JSON, at every depth. */
export function freezeDeep<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  for (const one of Object.values(value)) freezeDeep(one);
  return Object.freeze(value);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

function nameOf(value: unknown): string {
  if (typeof value === "object" && value !== null) return `a ${value.constructor?.name ?? "object"}`;
  return typeof value === "number" ? String(value) : `a value of type ${typeof value}`;
}
