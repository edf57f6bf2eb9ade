/** The options of `publish`. */
export interface PublishOptions {
  /**
   * The number of events to keep, and the time in milliseconds. Without `ms`, only the number decides. Default: no
   * events.
   */
  readonly keep?: number | { readonly count: number; readonly ms?: number };
}

/** The options of `subscribe`. */
export interface SubscribeOptions {
  /** The id of the last event that the subscriber has. It gets all later events that were kept. */
  readonly after?: string;
}

/**
 * An event of a channel, or the notice that events are missing: the process that sent them died, or they were not kept.
 */
export type RelayEvent =
  | { readonly id: string; readonly payload: unknown; readonly gap?: undefined }
  | { readonly gap: true; readonly lost?: string | undefined };

/** A count in a window of time. */
export interface RelayCount {
  /** The count, including this call. */
  readonly count: number;
  /** The end of the window, in milliseconds since 1970. */
  readonly resetAt: number;
}

/**
 * Named channels and counters that several processes can share. {@link LocalRelay} is the relay of one process. Any
 * other object with these three methods works too, such as the relay of `@miqro/runner/relay`.
 */
export interface Relay {
  /** Sends JSON to all subscribers, and resolves to the id of the event. Events of one sender arrive in order. */
  publish(channel: string, payload: unknown, options?: PublishOptions): Promise<string>;
  /** Resolves to a function that ends the subscription. The subscription is active when the promise resolves. */
  subscribe(
    channel: string,
    options: SubscribeOptions,
    listener: (event: RelayEvent) => void,
  ): Promise<() => void>;
  /** Adds one to a count. The window begins with the first count, and lasts `windowMs` milliseconds. */
  increment(key: string, windowMs: number): Promise<RelayCount>;
}
