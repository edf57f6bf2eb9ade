/** The options of a stream of events. */
export interface EventStreamOptions {
  /**
   * The time between two comments, in milliseconds. Comments show proxies and both ends that the connection still
   * works. Default 15,000; 0 for never.
   */
  readonly heartbeat?: number;
  /** A channel of the app's relay. Its events are sent as they arrive. */
  readonly channel?: string;
  /**
   * The last event of the channel that the client has. The client gets all later events that the relay has kept, or an
   * event `reset` if they are gone. Default: `Last-Event-ID` of the client.
   */
  readonly lastEventId?: string | undefined;
}

/** One Server-Sent Event. */
export interface ServerSentEvent {
  /** The data. A string is sent unchanged, any other value as JSON. */
  readonly data?: unknown;
  /** The name of the event. Without a name it is `message`. */
  readonly event?: string;
  /** The id. The client sends it as `Last-Event-ID` when it connects again. */
  readonly id?: string | number;
  /** The time until the client connects again, in milliseconds. */
  readonly retry?: number;
}

/** An open stream of Server-Sent Events. */
export interface EventStream extends AsyncDisposable {
  /** Whether the stream was closed, by either side. */
  readonly closed: boolean;
  /**
   * Sends an event. Resolves to true when the client can take more, and to false when the stream is closed. If more than
   * 16 MiB wait for a client, because nothing awaits this promise, its connection is cut.
   */
  send(event: ServerSentEvent | string): Promise<boolean>;
  /** Ends the stream. */
  close(): void;
}
