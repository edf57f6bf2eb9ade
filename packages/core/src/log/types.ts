/** From least to most; `none` silences. */
export type LogLevel = "none" | "error" | "warn" | "info" | "debug" | "trace";

/** What a request's `logger` can do. */
export interface LoggerLike {
  /** Something failed that should not. A message may have `%s %d %j %o` for the values behind it. */
  error(message: unknown, ...optionalParams: unknown[]): void;
  /** Something is odd, and it went on. */
  warn(message: unknown, ...optionalParams: unknown[]): void;
  /** What an operator wants to know. */
  info(message: unknown, ...optionalParams: unknown[]): void;
  /** What a developer wants to know. */
  debug(message: unknown, ...optionalParams: unknown[]): void;
  /** Every detail. */
  trace(message: unknown, ...optionalParams: unknown[]): void;
  /** Whether a line of this level would be written. Absent means that it may be. */
  isEnabled?(level: LogLevel): boolean;
}

/** One line, as a transport gets it. */
export interface LogRecord {
  /** How important it is. */
  readonly level: LogLevel;
  /** What it was logged for, such as `POSTS_ID_GET`; in one of several workers `WORKER_0_POSTS_ID_GET`. */
  readonly identifier: string;
  /** As it was given to the logger. */
  readonly message: unknown;
  /** The values behind the message. */
  readonly optionalParams: readonly unknown[];
  /** The formatted line, without its line end. */
  readonly out: string;
  /** What is known of the request, if there is one. */
  readonly meta: Readonly<Record<string, string>> | undefined;
}

/** Where lines go. */
export interface LogTransport {
  /** Takes a record. It must not block; a promise that rejects is one line on stderr. */
  write(record: LogRecord): void | Promise<void>;
  /** The least important level that it gets. Default: whatever the logger writes. */
  readonly level?: LogLevel | undefined;
  /** Resolves when all lines so far have arrived. */
  flush?(): Promise<void>;
  /** Writes what is left, and takes no more. */
  close?(): Promise<void>;
}

/** Makes the text of a line. */
export type LogFormatter = (record: Omit<LogRecord, "out">) => string;
