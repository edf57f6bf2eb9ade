import { runInContext } from "../exchange/async-context.js";
import { kPipeline } from "../exchange/internal.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import type { Request } from "../exchange/types.js";

import { checkLevels } from "../log/level.js";
import { Logger, type LoggerOptions, tell } from "../log/logger.js";

import { maskTokens } from "../log/mask-tokens.js";
import type { LoggerLike, LogTransport } from "../log/types.js";

/** Makes the loggers of an app. */
export type LoggerFactory = (identifier: string, req?: Request) => LoggerLike;

/** The loggers of one app. Identifiers come from patterns and methods, so there are as many loggers as routes. */
export class AppLoggers {
  readonly #factory: LoggerFactory | undefined;
  readonly #lines: "debug" | "info";
  readonly #options: LoggerOptions;
  readonly #loggers = new Map<string, Logger>();
  #unreported = 0;
  #reportedAt = Number.NEGATIVE_INFINITY;

  /**
   * @param lines The level of the line that each request writes.
   * @param transports The transports of the loggers. Default: the console.
   */
  constructor(
    factory: LoggerFactory | undefined,
    lines: "debug" | "info",
    transports: readonly LogTransport[] | undefined,
  ) {
    this.#options = transports === undefined ? {} : { transports };
    if (factory === undefined) checkLevels();
    this.#factory = factory;
    this.#lines = lines;
  }

  /** Returns the logger for the lines of requests, if the level of the identifier includes these lines. */
  forLines(identifier: string): LoggerLike | undefined {
    const logger = this.#factory === undefined ? this.#find(identifier) : this.#factory(identifier);
    return logger.isEnabled?.(this.#lines) === false ? undefined : logger;
  }

  /** Writes a line when the answer is complete. */
  logRequest(req: ServedRequest, res: ServedResponse, logger: LoggerLike): void {
    const start = performance.now();
    const level = this.#lines;
    // The event is emitted once. `once` would only add a wrapper function.
    res.on("close", () => {
      // A whole number becomes text faster than a fraction.
      const tenths = Math.round((performance.now() - start) * 10);
      const took = tenths % 10 === 0 ? tenths / 10 : `${Math.trunc(tenths / 10)}.${tenths % 10}`;
      const cut = res.writableFinished ? "" : " (cut)";
      runInContext(req, () => {
        try {
          // The line is built here, because a format string would be parsed for each request.
          logger[level](
            `${req.method} ${maskTokens(req.url)} ${res.statusCode}${cut} ${took}ms [${req.uuid}]`,
          );
        } catch (error) {
          tell(() => {
            throw error;
          });
        }
      });
    });
  }

  /** The logger of one request. */
  forRequest(req: ServedRequest): LoggerLike {
    const identifier = req[kPipeline]?.identifier ?? "";
    if (this.#factory !== undefined) return this.#factory(identifier, req);
    return this.#find(identifier).child(() => ({
      method: req.method,
      path: maskTokens(req.url),
      uuid: req.uuid,
      remoteAddress: req.ip,
    }));
  }

  /**
   * Logs errors of the server as a whole. It writes at most one line per second, because every connection can cause
   * one.
   */
  reportServer(error: Error): void {
    const now = performance.now();
    this.#unreported++;
    if (now - this.#reportedAt < 1000) return;
    this.#reportedAt = now;
    const count = this.#unreported;
    this.#unreported = 0;
    const logger = this.#forApp();
    tell(() =>
      logger.error("The server could not take a connection (%d since the last line).", count, error),
    );
  }

  /** Logs an error that a hook throws when the app closes. The other hooks still run. */
  reportClose(error: unknown): void {
    const logger = this.#forApp();
    tell(() => logger.error("A close hook failed.", error));
  }

  #forApp(): LoggerLike {
    return this.#factory === undefined ? this.#find("") : this.#factory("");
  }

  #find(identifier: string): Logger {
    let logger = this.#loggers.get(identifier);
    if (logger === undefined) {
      logger = new Logger(identifier, undefined, this.#options);
      this.#loggers.set(identifier, logger);
    }
    return logger;
  }
}
