import { runInContext } from "../exchange/async-context.js";
import { kPipeline } from "../exchange/internal.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import type { Request } from "../exchange/types.js";

import { checkLevels } from "../log/level.js";
import { Logger, tell } from "../log/logger.js";

import { maskTokens } from "../log/mask-tokens.js";
import type { LoggerLike } from "../log/types.js";

/** Makes the loggers of an app. */
export type LoggerFactory = (identifier: string, req?: Request) => LoggerLike;

/** The loggers of one app. Identifiers come from patterns and methods, so there are as many as there are routes. */
export class AppLoggers {
  readonly #factory: LoggerFactory | undefined;
  readonly #loggers = new Map<string, Logger>();
  #unreported = 0;
  #reportedAt = Number.NEGATIVE_INFINITY;

  constructor(factory: LoggerFactory | undefined) {
    if (factory === undefined) checkLevels();
    this.#factory = factory;
  }

  /** The logger for lines per request, for the identifiers whose level is `debug` or more. */
  forLines(identifier: string): LoggerLike | undefined {
    const logger = this.#factory === undefined ? this.#find(identifier) : this.#factory(identifier);
    return logger.isEnabled?.("debug") === false ? undefined : logger;
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

  /** Logs what happens to the server as a whole: at most a line a second, since there is one for each connection. */
  reportServer(error: Error): void {
    const now = performance.now();
    this.#unreported++;
    if (now - this.#reportedAt < 1000) return;
    this.#reportedAt = now;
    const count = this.#unreported;
    this.#unreported = 0;
    const logger = this.#factory === undefined ? this.#find("") : this.#factory("");
    tell(() =>
      logger.error("The server could not take a connection (%d since the last line).", count, error),
    );
  }

  #find(identifier: string): Logger {
    let logger = this.#loggers.get(identifier);
    if (logger === undefined) {
      logger = new Logger(identifier);
      this.#loggers.set(identifier, logger);
    }
    return logger;
  }
}

/** Writes a line when the answer is complete. */
export function logRequest(req: ServedRequest, res: ServedResponse, logger: LoggerLike): void {
  const start = performance.now();
  res.once("close", () => {
    const took = (performance.now() - start).toFixed(1);
    runInContext(req, () =>
      tell(() =>
        logger.debug("%s %s %d %sms [%s]", req.method, maskTokens(req.url), res.statusCode, took, req.uuid),
      ),
    );
  });
}
