import { Faults } from "../options/check-options.js";
import { kinds, type OptionKind, type OptionKinds } from "../options/kinds.js";
import { ConsoleTransport } from "./console-transport.js";
import { formatJSON, formatText } from "./format.js";
import { findLevel, levelRanks, parseLevel } from "./level.js";
import type { LogFormatter, LoggerLike, LogLevel, LogTransport } from "./types.js";

/** How a logger writes. */
export interface LoggerOptions {
  /** Default: one {@link ConsoleTransport}. */
  readonly transports?: readonly LogTransport[];
  /** Default: text, or JSON when `LOG_FORMAT=json`. */
  readonly formatter?: LogFormatter;
}

const transportKind: OptionKind = {
  words: "a list of objects { write(record) }",
  test: (value) =>
    Array.isArray(value) &&
    value.every((one: Partial<LogTransport> | null) => typeof one?.write === "function"),
};

const loggerKinds: OptionKinds<LoggerOptions> = { transports: transportKind, formatter: kinds.call };

const console = new ConsoleTransport();

/** Writes lines of one identifier, from its level up. A line below it costs one comparison. */
export class Logger implements LoggerLike {
  /** What it logs for; part of the variables that set its level. */
  readonly identifier: string;
  /** The least important level that is written. */
  readonly level: LogLevel;
  readonly #rank: number;
  readonly #transports: readonly LogTransport[];
  readonly #formatter: LogFormatter;
  #meta: (() => Readonly<Record<string, string>>) | undefined;

  /**
   * @param identifier Names the lines, and finds the level: `POSTS_GET` reads `LOG_LEVEL_POSTS_GET`.
   * @param level Default: what the environment says, else `info`.
   */
  constructor(identifier: string, level?: LogLevel, options: LoggerOptions = {}) {
    this.identifier = identifier;
    const faults = new Faults();
    const parsed = faults.attempt("level", () =>
      level === undefined ? findLevel(identifier) : parseLevel(level, "The level of a logger"),
    );
    faults.check<LoggerOptions>(options, "A logger", loggerKinds);
    faults.throw("A logger");
    this.level = parsed as LogLevel;
    this.#rank = levelRanks[this.level];
    this.#transports = options.transports ?? [console];
    this.#formatter = options.formatter ?? (process.env.LOG_FORMAT === "json" ? formatJSON : formatText);
  }

  /** A logger with the same settings, whose lines say more: `meta` is asked when a line is written. */
  child(meta: () => Readonly<Record<string, string>>): Logger {
    const child = new Logger(this.identifier, this.level, {
      transports: this.#transports,
      formatter: this.#formatter,
    });
    child.#meta = meta;
    return child;
  }

  /** Whether a line of this level would be written. */
  isEnabled(level: LogLevel): boolean {
    return level !== "none" && levelRanks[level] <= this.#rank;
  }

  /** Something failed that should not. `message` may hold `%s %d %j %o`, which take the values that follow. */
  error(message: unknown, ...optionalParams: unknown[]): void {
    if (this.#rank >= 1) this.#write("error", message, optionalParams);
  }

  /** Something is wrong, and goes on. `message` may hold `%s %d %j %o`, which take the values that follow. */
  warn(message: unknown, ...optionalParams: unknown[]): void {
    if (this.#rank >= 2) this.#write("warn", message, optionalParams);
  }

  /** What is worth to know in production. `message` may hold `%s %d %j %o`, which take the values that follow. */
  info(message: unknown, ...optionalParams: unknown[]): void {
    if (this.#rank >= 3) this.#write("info", message, optionalParams);
  }

  /** What helps to find a fault. `message` may hold `%s %d %j %o`, which take the values that follow. */
  debug(message: unknown, ...optionalParams: unknown[]): void {
    if (this.#rank >= 4) this.#write("debug", message, optionalParams);
  }

  /** Every detail. `message` may hold `%s %d %j %o`, which take the values that follow. */
  trace(message: unknown, ...optionalParams: unknown[]): void {
    if (this.#rank >= 5) this.#write("trace", message, optionalParams);
  }

  #write(level: LogLevel, message: unknown, optionalParams: readonly unknown[]): void {
    const record = { level, identifier: this.identifier, message, optionalParams, meta: this.#meta?.() };
    const out = this.#formatter(record);
    for (const transport of this.#transports) {
      // A transport that fails must not fail the request that logs.
      try {
        transport.write({ ...record, out })?.catch(reportTransport);
      } catch (error) {
        reportTransport(error);
      }
    }
  }
}

function reportTransport(error: unknown): void {
  process.stderr.write(`A log transport failed: ${error instanceof Error ? error.message : String(error)}\n`);
}

/** Runs what only writes to a log: a logger that throws must not end the process. */
export function tell(write: () => void): void {
  try {
    write();
  } catch (error) {
    process.stderr.write(
      `A line could not be logged: ${error instanceof Error ? error.stack : String(error)}\n`,
    );
  }
}
