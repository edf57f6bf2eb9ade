/** How a stream of events is kept open. */
export interface EventStreamOptions {
  /** How often a comment is sent, so that proxies and both ends see the connection alive, in milliseconds. Default 15,000; 0 for never. */
  readonly heartbeat?: number;
  /** A channel of the app's relay, whose events are sent as they come. */
  readonly channel?: string;
  /**
   * The last event of the channel that the client has: it gets those that the relay has kept since, or an event `reset`
   * where they are gone. Default: what the client says in `Last-Event-ID`.
   */
  readonly lastEventId?: string | undefined;
}

/** One Server-Sent Event. */
export interface ServerSentEvent {
  /** Strings are sent as they are, everything else as JSON. */
  readonly data?: unknown;
  /** The name of the event; `message` where there is none. */
  readonly event?: string;
  /** What the client sends as `Last-Event-ID` when it comes back. */
  readonly id?: string | number;
  /** After how long the client comes back, in milliseconds. */
  readonly retry?: number;
}

/** An open stream of Server-Sent Events. */
export interface EventStream extends AsyncDisposable {
  /** Whether it was closed, by either side. */
  readonly closed: boolean;
  /** Sends an event. Resolves to false when the stream is closed, and otherwise when the client can take more. */
  send(event: ServerSentEvent | string): Promise<boolean>;
  /** Ends the stream. */
  close(): void;
}
