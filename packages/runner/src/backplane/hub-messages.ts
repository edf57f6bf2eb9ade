import { type CacheChange, type CacheEntry, isCount, readChange } from "../cache/cache-change.js";
import type { CacheSnapshot } from "../cache/cache-state.js";
import type { KeepOptions } from "./backplane.js";

/** A message from a process to the hub. `call` is the number of the request, which the answer repeats. */
export type HubRequest =
  | { readonly op: "hello"; readonly id: string }
  | { readonly op: "join" | "leave"; readonly cache: string }
  | {
      readonly op: "append";
      readonly cache: string;
      readonly items: readonly (readonly [number, CacheChange])[];
    }
  | { readonly op: "listen" | "unlisten"; readonly channel: string }
  | {
      readonly op: "publish";
      readonly call: number;
      readonly channel: string;
      readonly payload: unknown;
      readonly keep?: KeepOptions | undefined;
    }
  | { readonly op: "history"; readonly call: number; readonly channel: string; readonly after: string }
  | { readonly op: "increment"; readonly call: number; readonly key: string; readonly ms: number }
  | { readonly op: "acquire"; readonly call: number; readonly name: string; readonly ms: number }
  | { readonly op: "release"; readonly call: number; readonly name: string };

/** A message from the hub to a process. */
export type HubMessage =
  | {
      readonly op: "snapshot";
      readonly cache: string;
      readonly snapshot: CacheSnapshot;
      readonly confirmed: number;
    }
  | { readonly op: "entries"; readonly cache: string; readonly entries: readonly CacheEntry[] }
  | { readonly op: "event"; readonly channel: string; readonly id: string; readonly payload: unknown }
  | { readonly op: "gap"; readonly lost: string }
  | { readonly op: "answer"; readonly call: number; readonly value: unknown };

type Fields = Readonly<Record<string, unknown>>;

/** Reads a request; `undefined` if it is from another program or version. */
export function readHubRequest(value: unknown): HubRequest | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const fields = value as Fields;
  return isRequest(fields) ? (value as HubRequest) : undefined;
}

/** Reads a message of the hub; `undefined` if it is from another program or version. */
export function readHubMessage(value: unknown): HubMessage | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return isMessage(value as Fields) ? (value as HubMessage) : undefined;
}

function isRequest({
  op,
  id,
  cache,
  items,
  channel,
  call,
  keep,
  after,
  key,
  name,
  ms,
  ...rest
}: Fields): boolean {
  switch (op) {
    case "hello":
      return typeof id === "string";
    case "join":
    case "leave":
      return typeof cache === "string";
    case "append":
      return typeof cache === "string" && Array.isArray(items) && items.every(isItem);
    case "listen":
    case "unlisten":
      return typeof channel === "string";
    case "publish":
      return isCount(call) && typeof channel === "string" && isKeep(keep) && "payload" in rest;
    case "history":
      return isCount(call) && typeof channel === "string" && typeof after === "string";
    case "increment":
      return isCount(call) && typeof key === "string" && isCount(ms) && ms > 0;
    case "acquire":
      return isCount(call) && typeof name === "string" && isCount(ms) && ms > 0;
    case "release":
      return isCount(call) && typeof name === "string";
    default:
      return false;
  }
}

function isMessage({ op, cache, snapshot, confirmed, entries, channel, id, lost, call }: Fields): boolean {
  switch (op) {
    case "snapshot":
      return typeof cache === "string" && isSnapshot(snapshot) && isCount(confirmed);
    case "entries":
      return typeof cache === "string" && Array.isArray(entries) && entries.every(isEntry);
    case "event":
      return typeof channel === "string" && typeof id === "string";
    case "gap":
      return typeof lost === "string";
    case "answer":
      return isCount(call);
    default:
      return false;
  }
}

export function isSnapshot(value: unknown): value is CacheSnapshot {
  if (typeof value !== "object" || value === null) return false;
  const { seq, at, items } = value as Fields;
  return isCount(seq) && typeof at === "number" && Array.isArray(items) && items.every(isSnapshotItem);
}

function isSnapshotItem(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 4) return false;
  const [key, kind, , expires] = value as readonly unknown[];
  return (
    typeof key === "string" &&
    ["value", "set", "array"].includes(kind as string) &&
    typeof expires === "number"
  );
}

function isEntry(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { seq, at, from, n, change } = value as Fields;
  return (
    isCount(seq) &&
    typeof at === "number" &&
    typeof from === "string" &&
    isCount(n) &&
    readChange(change) !== undefined
  );
}

function isItem(value: unknown): boolean {
  return (
    Array.isArray(value) && value.length === 2 && isCount(value[0]) && readChange(value[1]) !== undefined
  );
}

function isKeep(value: unknown): boolean {
  if (value === undefined) return true;
  if (typeof value !== "object" || value === null) return false;
  const { count, ms } = value as Fields;
  return isCount(count) && (ms === undefined || (isCount(ms) && ms > 0));
}
