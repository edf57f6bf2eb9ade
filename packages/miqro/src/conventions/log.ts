import { relative } from "node:path";
import { ConsoleTransport, type LogLevel, type LogRecord, type LogTransport } from "@miqro/core";
import { createLoggerFactory } from "../composition/request-loggers.js";
import { messageOf } from "../errors.js";
import { checkFields, type Fields } from "../options/check-fields.js";
import type { Convention } from "./convention.js";

/** The default export of `log.ts`. An array declares several transports, for example one for each level. */
export interface LogConfig {
  /** The transport gets only the lines of exactly this level. Default: the lines of all levels. */
  level?: Exclude<LogLevel, "none">;
  /** True keeps lines from the console. */
  replaceConsoleTransport?: boolean;
  /** True keeps lines from the log file. */
  replaceFileTransport?: boolean;
  /** Gets a line. It must not block. If its promise rejects, one line is written to stderr. */
  write(line: LogRecord): void | Promise<void>;
}

const fields: Fields = {
  level: { type: "enum?", values: ["error", "warn", "info", "debug", "trace"] },
  replaceConsoleTransport: "boolean?",
  replaceFileTransport: "boolean?",
  write: "function",
};

/** `log.ts`: receives the lines of all services. `LOG_LEVEL` decides which lines are written. */
export const log: Convention<LogConfig> = {
  template: {
    name: "log.ts",
    about: "takes the lines of the log",
    text: `import type { LogConfig } from "miqro";

export default {
  level: "error",
  write({ out }) {
    process.stdout.write(\`\${out}\\n\`);
  },
} satisfies LogConfig;
`,
  },

  list: true,

  check(config, problems, what) {
    for (const message of checkFields(config, fields, what)) problems.add(message);
  },

  compose(files, parts) {
    const configs = files.flatMap((file) => file.configs);
    const own = files.flatMap(({ file, configs }) =>
      configs.map((config) => toTransport(config, file.source)),
    );
    const isReplaced = (name: "replaceConsoleTransport" | "replaceFileTransport") =>
      configs.some((config) => config[name] === true);
    parts.logTransports = [
      ...(isReplaced("replaceConsoleTransport") ? [] : [new ConsoleTransport()]),
      ...(parts.logFile === undefined || isReplaced("replaceFileTransport") ? [] : [parts.logFile]),
      ...own,
    ];
    parts.loggerFactory = createLoggerFactory(parts);
  },
};

function toTransport(config: LogConfig, file: string): LogTransport {
  const { level } = config;
  const fail = (error: unknown): never => {
    // The reason that a fetch fails is in its cause.
    const { cause } = Object(error) as { readonly cause?: unknown };
    const why = cause instanceof Error ? ` (${cause.message})` : "";
    throw new Error(`write() of ${relative(process.cwd(), file)}: ${messageOf(error)}${why}`);
  };
  return {
    write(record) {
      if (level !== undefined && record.level !== level) return undefined;
      try {
        const written = config.write(record);
        return written instanceof Promise ? written.catch(fail) : written;
      } catch (error) {
        return fail(error);
      }
    },
  };
}
