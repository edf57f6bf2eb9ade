/** From least to most; `none` silences. */
export type LogLevel = "none" | "error" | "warn" | "info" | "debug" | "trace";

/** What a request's `logger` can do. */
export interface LoggerLike {
  error(message: unknown, ...optionalParams: unknown[]): void;
  warn(message: unknown, ...optionalParams: unknown[]): void;
  info(message: unknown, ...optionalParams: unknown[]): void;
  debug(message: unknown, ...optionalParams: unknown[]): void;
  trace(message: unknown, ...optionalParams: unknown[]): void;
  /** Whether a line of this level would be written. Absent means that it may be. */
  isEnabled?(level: LogLevel): boolean;
}

/** One line, as a transport gets it. */
export interface LogRecord {
  readonly level: LogLevel;
  readonly identifier: string;
  readonly message: unknown;
  readonly optionalParams: readonly unknown[];
  /** The formatted line, without its line end. */
  readonly out: string;
  /** What is known of the request, if there is one. */
  readonly meta: Readonly<Record<string, string>> | undefined;
}

/** Where lines go. */
export interface LogTransport {
  write(record: LogRecord): void | Promise<void>;
}

/** Makes the text of a line. */
export type LogFormatter = (record: Omit<LogRecord, "out">) => string;
