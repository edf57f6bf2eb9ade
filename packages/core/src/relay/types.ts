/** How many events of a channel are kept for subscribers that come later. */
export interface PublishOptions {
  /** The number of events, from this one on for `ms` milliseconds; without `ms` only the number decides. Default none. */
  readonly keep?: number | { readonly count: number; readonly ms?: number };
}

/** Where a subscription begins. */
export interface SubscribeOptions {
  /** The id of the last event that the subscriber has: it gets those that were kept since. */
  readonly after?: string;
}

/** An event of a channel, or the news that events are missing: of a process that died, or because they were not kept. */
export type RelayEvent =
  | { readonly id: string; readonly payload: unknown; readonly gap?: undefined }
  | { readonly gap: true; readonly lost?: string | undefined };

/** How often something happened in a window of time. */
export interface RelayCount {
  /** Including this time. */
  readonly count: number;
  /** When the window ends, in milliseconds since 1970. */
  readonly resetAt: number;
}

/**
 * Named channels and counters that several processes can share. {@link LocalRelay} is that of one process; whatever else
 * has these three methods will do, such as the one of `@miqro/runner/relay`.
 */
export interface Relay {
  /** Sends JSON to all subscribers, and resolves to the id of the event. Events of one sender come in their order. */
  publish(channel: string, payload: unknown, options?: PublishOptions): Promise<string>;
  /** Resolves to the function that ends the subscription; it is active when it resolves. */
  subscribe(
    channel: string,
    options: SubscribeOptions,
    listener: (event: RelayEvent) => void,
  ): Promise<() => void>;
  /** Counts one more in the window of `windowMs` milliseconds that began with the first. */
  increment(key: string, windowMs: number): Promise<RelayCount>;
}
