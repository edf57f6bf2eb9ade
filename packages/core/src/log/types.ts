/** The levels, from the fewest lines to the most. `none` writes no lines. */
export type LogLevel = "none" | "error" | "warn" | "info" | "debug" | "trace";

/** The methods of a request's `logger`. */
export interface LoggerLike {
  /** Logs an unexpected failure. A message may contain `%s %d %j %o` for the values after it. */
  error(message: unknown, ...optionalParams: unknown[]): void;
  /** Logs a problem that the program survives. */
  warn(message: unknown, ...optionalParams: unknown[]): void;
  /** Logs a fact for operators. */
  info(message: unknown, ...optionalParams: unknown[]): void;
  /** Logs a fact for developers. */
  debug(message: unknown, ...optionalParams: unknown[]): void;
  /** Logs a detail. */
  trace(message: unknown, ...optionalParams: unknown[]): void;
  /** Whether a line of this level would be written. If the method is absent, it may be. */
  isEnabled?(level: LogLevel): boolean;
}

/** One line, as a transport gets it. */
export interface LogRecord {
  /** How important the line is. */
  readonly level: LogLevel;
  /** The identifier of the logger, such as `POSTS_ID_GET`; in one of several workers `WORKER_0_POSTS_ID_GET`. */
  readonly identifier: string;
  /** The message, as the logger got it. */
  readonly message: unknown;
  /** The values after the message. */
  readonly optionalParams: readonly unknown[];
  /** The formatted line, without a line break. */
  readonly out: string;
  /** Facts about the request, if there is one. */
  readonly meta: Readonly<Record<string, string>> | undefined;
}

/** The target of log lines. */
export interface LogTransport {
  /** Takes a record. It must not block. If it returns a promise that rejects, one line goes to stderr. */
  write(record: LogRecord): void | Promise<void>;
  /** The least important level that it gets. Default: every line of the logger. */
  readonly level?: LogLevel | undefined;
  /** Resolves when all lines so far have arrived. */
  flush?(): Promise<void>;
  /** Writes the rest, and takes no more lines. */
  close?(): Promise<void>;
}

/** Makes the text of a line. */
export type LogFormatter = (record: Omit<LogRecord, "out">) => string;
