import type { CacheChange, CacheEntry } from "../cache/cache-change.js";
import type { CacheSnapshot } from "../cache/cache-state.js";

/** Which events of a channel are kept for later subscribers. */
export interface KeepOptions {
  readonly count: number;
  /** How long events are kept, in milliseconds. Without it, only the count limits them. */
  readonly ms?: number | undefined;
}

/** An event of a channel. The id gives its position; the ids of a channel ascend. */
export interface ChannelEvent {
  readonly id: string;
  readonly payload: unknown;
}

/** The events that a channel kept after an id. */
export interface ChannelHistory {
  readonly events: readonly ChannelEvent[];
  /** True if an event after the id is no longer kept. */
  readonly gap: boolean;
}

/** Receives the messages of a backplane for one process. */
export interface BackplaneListener {
  onEvent(channel: string, event: ChannelEvent): void;
  /**
   * Events may have been lost: the events of a process that died, or the events of all channels if no process is given.
   */
  onGap(lost: string | undefined): void;
}

/** A replica of a cache, as a backplane sees it. */
export interface CacheMember {
  readonly seq: number;
  /** When the next entry expires by the sequencer's clock. */
  readonly nextExpiry: number | undefined;
  /**
   * The whole content, at the start and after a gap. `confirmed` is the number of this process's last write that it
   * includes.
   */
  load(snapshot: CacheSnapshot, confirmed: number): void;
  apply(entry: CacheEntry): void;
  save(): CacheSnapshot;
}

/** The connection of one cache to its sequencer. */
export interface CacheLink {
  /** Sends a write to be sequenced, as the `n`th write of this process. It comes back through `apply`. */
  append(n: number, change: CacheChange): void;
  leave(): void;
}

/** The count of an event in a window of time. */
export interface Count {
  readonly count: number;
  /** When the window ends, in milliseconds since 1970. */
  readonly resetAt: number;
}

/**
 * The state that processes share, on one machine or on many. Each implementation passes the same contract suite. No
 * method throws because another process or machine cannot be reached: it waits instead.
 */
export interface Backplane {
  /** Identifies this process among all processes. */
  readonly id: string;
  /** True when it can reach processes of other machines. */
  readonly isOfMany: boolean;
  /** Joins a cache. Resolves when `member` has the whole content. */
  join(cache: string, member: CacheMember): Promise<CacheLink>;
  /** Sends an event to all subscribers, and resolves to its id. Events of one process arrive in their order. */
  publish(channel: string, payload: unknown, keep?: KeepOptions): Promise<string>;
  /** Passes the events of a channel to the listener until `unlisten`. */
  listen(channel: string): Promise<void>;
  unlisten(channel: string): void;
  history(channel: string, after: string): Promise<ChannelHistory>;
  /** Adds one to the counter. Its window of `windowMs` milliseconds begins with the first count. */
  increment(key: string, windowMs: number): Promise<Count>;
  /** Takes or renews a lease for `ttl` milliseconds; resolves to false while another process holds it. */
  acquire(name: string, ttl: number): Promise<boolean>;
  release(name: string): Promise<void>;
  addListener(listener: BackplaneListener): void;
  close(): Promise<void>;
}
