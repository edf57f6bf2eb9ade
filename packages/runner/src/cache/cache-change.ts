import type { CacheValue } from "./cache-value.js";

/** The content of a cache under a key. */
export type CacheKind = "value" | "set" | "array";

/** A write in the form in which it is sent. `max` is the number of entries that the writer allows. */
export type CacheChange = { readonly max: number } & (
  | {
      readonly op: "set";
      readonly key: string;
      readonly value: CacheValue;
      readonly ttl?: number | undefined;
    }
  | { readonly op: "set_add" | "set_delete" | "array_push"; readonly key: string; readonly value: CacheValue }
  | { readonly op: "incr"; readonly key: string; readonly by: number }
  | { readonly op: "unset" | "set_clear" | "array_clear"; readonly key: string }
  | { readonly op: "clear" }
  | { readonly op: "tick" }
);

/**
 * A sequenced write: its sequence number, the time of the sequencer, its writer, and its number among that writer's
 * writes.
 */
export interface CacheEntry {
  readonly seq: number;
  readonly at: number;
  readonly from: string;
  readonly n: number;
  readonly change: CacheChange;
}

const keyed = ["set", "unset", "set_add", "set_delete", "set_clear", "array_push", "array_clear", "incr"];

/** Reads a write from another process; `undefined` if it is from another program or version. */
export function readChange(value: unknown): CacheChange | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { op, key, max, by, ttl } = value as Readonly<Record<string, unknown>>;
  if (!isCount(max)) return undefined;
  if (op === "clear" || op === "tick") return { op, max };
  if (typeof op !== "string" || !keyed.includes(op) || typeof key !== "string") return undefined;
  if (op === "incr" && !(typeof by === "number" && Number.isFinite(by))) return undefined;
  if (ttl !== undefined && !(typeof ttl === "number" && ttl > 0)) return undefined;
  if (["set", "set_add", "set_delete", "array_push"].includes(op) && !("value" in value)) return undefined;
  return value as CacheChange;
}

export function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
