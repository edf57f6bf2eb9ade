import type { CacheChange, CacheEntry } from "../cache/cache-change.js";
import type { CacheSnapshot } from "../cache/cache-state.js";

/** Which events of a channel are kept for subscribers that come later. */
export interface KeepOptions {
  readonly count: number;
  /** Milliseconds; none when only the count decides. */
  readonly ms?: number | undefined;
}

/** An event of a channel. The id tells its place; ids of one channel ascend. */
export interface ChannelEvent {
  readonly id: string;
  readonly payload: unknown;
}

/** What a channel kept after an id. */
export interface ChannelHistory {
  readonly events: readonly ChannelEvent[];
  /** True when something after the id is not there any more. */
  readonly gap: boolean;
}

/** Gets what a backplane brings for one process. */
export interface BackplaneListener {
  onEvent(channel: string, event: ChannelEvent): void;
  /** Events may have been lost: those of one sender that died, or of all channels where none is named. */
  onGap(lost: string | undefined): void;
}

/** A replica of a cache, as a backplane sees it. */
export interface CacheMember {
  readonly seq: number;
  /** When the next entry expires by the sequencer's clock. */
  readonly nextExpiry: number | undefined;
  /** The whole content, at the start and after a gap. `confirmed` is the number of the last write of this process in it. */
  load(snapshot: CacheSnapshot, confirmed: number): void;
  apply(entry: CacheEntry): void;
  save(): CacheSnapshot;
}

/** The way of one cache to its sequencer. */
export interface CacheLink {
  /** Has a write sequenced, as the `n`th of this process. It comes back through `apply`. */
  append(n: number, change: CacheChange): void;
  leave(): void;
}

/** How many times something happened in a window of time. */
export interface Count {
  readonly count: number;
  /** When the window ends, in milliseconds since 1970. */
  readonly resetAt: number;
}

/**
 * What processes share, on one machine or on many. Each implementation passes the same contract suite. Nothing here
 * throws because another process or machine is away: what has to wait waits.
 */
export interface Backplane {
  /** Names this process among all. */
  readonly id: string;
  /** True when it can reach processes of other machines. */
  readonly isOfMany: boolean;
  /** Joins a cache; resolves when `member` was given the whole content. */
  join(cache: string, member: CacheMember): Promise<CacheLink>;
  /** Sends an event to all that listen, and resolves to its id. Events of one process come in their order. */
  publish(channel: string, payload: unknown, keep?: KeepOptions): Promise<string>;
  /** Has the events of a channel brought to the listener until `unlisten`. */
  listen(channel: string): Promise<void>;
  unlisten(channel: string): void;
  history(channel: string, after: string): Promise<ChannelHistory>;
  /** Counts one more in the window of `windowMs` milliseconds that began with the first. */
  increment(key: string, windowMs: number): Promise<Count>;
  /** Takes or renews a lease for `ttl` milliseconds; resolves to false while another process holds it. */
  acquire(name: string, ttl: number): Promise<boolean>;
  release(name: string): Promise<void>;
  addListener(listener: BackplaneListener): void;
  close(): Promise<void>;
}
