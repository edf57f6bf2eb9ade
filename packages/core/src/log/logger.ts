import { toMessage } from "../errors.js";
import { Faults } from "../options/check-options.js";
import { kinds, type OptionKind, type OptionKinds } from "../options/kinds.js";
import { isThenable } from "../pipeline/outcome.js";
import { loadOnUse } from "../platform/builtins.js";
import { ConsoleTransport } from "./console-transport.js";
import { toErrorText } from "./error-text.js";
import { formatJSON, formatText } from "./format.js";
import { findLevel, levelKind, levelRanks, parseLevel, toLineIdentifier } from "./level.js";
import { writeStandard } from "./standard-stream.js";
import type { LogFormatter, LoggerLike, LogLevel, LogTransport } from "./types.js";

/** The options of a logger. */
export interface LoggerOptions {
  /** The transports. Default: one {@link ConsoleTransport}. */
  readonly transports?: readonly LogTransport[];
  /** The formatter. Default: text, or JSON when `LOG_FORMAT=json`. */
  readonly formatter?: LogFormatter;
  /**
   * The names of fields whose values are hidden in every logged object. Case does not matter. Default `password`, and
   * the headers with secrets: `authorization`, `cookie`, `set-cookie`, `proxy-authorization` and
   * `sec-websocket-protocol`.
   */
  readonly redact?: readonly string[];
}

/** The kind of an option that is an array of transports. */
export const transportsKind: OptionKind = {
  words: "an array of objects { write(record), level?, flush?(), close?() }",
  test: (value) => Array.isArray(value) && value.every(isTransport),
};

const loggerKinds: OptionKinds<LoggerOptions> = {
  transports: transportsKind,
  formatter: kinds.call,
  redact: kinds.textList,
};

// Loaded with the first object that is logged.
const loadRedact = loadOnUse<typeof import("./redact.js")>(import.meta.url, "./redact.js");

function createRedact(names: readonly string[] | undefined): <T>(value: T) => T {
  let redact: (<T>(value: T) => T) | undefined;
  return (value) => {
    if ((typeof value !== "object" || value === null) && typeof value !== "function") return value;
    try {
      redact ??= loadRedact().createRedact(names ?? loadRedact().secretNames);
    } catch {
      // Without a free file descriptor, no module can be loaded. The line must be written all the same, because it may
      // be the line about this error.
      return bareText(value) as unknown as typeof value;
    }
    return redact(value);
  };
}

/** Writes an object without its fields, which may be secret. */
function bareText(value: object): string {
  return value instanceof Error
    ? (value.stack ?? String(value))
    : "(a value that cannot be searched for secrets)";
}

const redactDefault = createRedact(undefined);

const console = new ConsoleTransport();

/** Writes lines of one identifier, if their level is high enough. A line that is not written costs one comparison. */
export class Logger implements LoggerLike, AsyncDisposable {
  /** The name of the logger. The environment variables for the level contain this name. */
  readonly identifier: string;
  /** The least important level that is written. */
  readonly level: LogLevel;
  readonly #rank: number;
  // It is computed with the first line, because a process that waits for its turn does not know its number yet.
  #lineIdentifier: string | undefined;
  readonly #transports: readonly LogTransport[];
  readonly #formatter: LogFormatter;
  #redact: <T>(value: T) => T;
  #meta: (() => Readonly<Record<string, string>>) | undefined;

  /**
   * @param identifier Names the lines, and finds the level: `POSTS_GET` reads `LOG_LEVEL_POSTS_GET`.
   * @param level Default: the level in the environment, else `info`.
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
    this.#redact = options.redact === undefined ? redactDefault : createRedact(options.redact);
  }

  /** Makes a logger with the same settings, whose lines contain more facts. `meta` is called when a line is written. */
  child(meta: () => Readonly<Record<string, string>>): Logger {
    const child = new Logger(this.identifier, this.level, {
      transports: this.#transports,
      formatter: this.#formatter,
    });
    child.#redact = this.#redact;
    child.#meta = meta;
    return child;
  }

  /**
   * Resolves when all lines so far have arrived, as far as the transports know. Rejects if some lines cannot arrive.
   */
  async flush(): Promise<void> {
    await Promise.all(this.#transports.map((transport) => transport.flush?.()));
  }

  /** Closes the transports, even if other loggers use them as well. */
  async close(): Promise<void> {
    await Promise.all(this.#transports.map((transport) => transport.close?.() ?? transport.flush?.()));
  }

  /** The same as `close`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Whether a line of this level would be written. */
  isEnabled(level: LogLevel): boolean {
    return level !== "none" && levelRanks[level] <= this.#rank;
  }

  /** Logs an unexpected failure. `message` may contain `%s %d %j %o` for the values after it. */
  error(message: unknown, ...optionalParams: unknown[]): void {
    if (this.#rank >= 1) this.#write("error", message, optionalParams);
  }

  /** Logs a problem that the program survives. `message` may contain `%s %d %j %o` for the values after it. */
  warn(message: unknown, ...optionalParams: unknown[]): void {
    if (this.#rank >= 2) this.#write("warn", message, optionalParams);
  }

  /** Logs a fact that is useful in production. `message` may contain `%s %d %j %o` for the values after it. */
  info(message: unknown, ...optionalParams: unknown[]): void {
    if (this.#rank >= 3) this.#write("info", message, optionalParams);
  }

  /** Logs a fact that helps to find a fault. `message` may contain `%s %d %j %o` for the values after it. */
  debug(message: unknown, ...optionalParams: unknown[]): void {
    if (this.#rank >= 4) this.#write("debug", message, optionalParams);
  }

  /** Logs a detail. `message` may contain `%s %d %j %o` for the values after it. */
  trace(message: unknown, ...optionalParams: unknown[]): void {
    if (this.#rank >= 5) this.#write("trace", message, optionalParams);
  }

  #write(level: LogLevel, message: unknown, optionalParams: readonly unknown[]): void {
    this.#lineIdentifier ??= toLineIdentifier(this.identifier);
    const record = {
      level,
      identifier: this.#lineIdentifier,
      message: this.#redact(message),
      optionalParams: optionalParams.length === 0 ? optionalParams : optionalParams.map(this.#redact),
      meta: this.#meta?.(),
      out: "",
    };
    record.out = this.#formatter(record);
    for (const transport of this.#transports) {
      if (transport.level !== undefined && levelRanks[level] > levelRanks[transport.level]) continue;
      // If a transport fails, the request that logs must not fail.
      try {
        const written: unknown = transport.write(record);
        // A short function may return anything, such as the result of `push`.
        if (isThenable(written)) written.then(undefined, reportTransport);
      } catch (error) {
        reportTransport(error);
      }
    }
  }
}

function isTransport(value: unknown): value is LogTransport {
  const { write, level, flush, close } = Object(value) as Partial<LogTransport>;
  return (
    typeof write === "function" &&
    (level === undefined || levelKind.test(level)) &&
    [flush, close].every((one) => one === undefined || typeof one === "function")
  );
}

function reportTransport(error: unknown): void {
  writeStandard("stderr", `A log transport failed: ${toMessage(error)}\n`);
}

/** Runs a function that writes to a log. A logger that throws must not end the process. */
export function tell(write: () => void): void {
  try {
    write();
  } catch (error) {
    writeStandard(
      "stderr",
      `A line could not be logged: ${error instanceof Error ? toErrorText(error) : String(error)}\n`,
    );
  }
}
