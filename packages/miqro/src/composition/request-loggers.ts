import type { Logger, LoggerLike, Request } from "@miqro/core";
import type { CompositionParts } from "./parts.js";

/**
 * Makes the loggers of an app whose lines go to other transports. Their lines contain the request, as the lines of the
 * app's own loggers do.
 */
export function createLoggerFactory({
  getLogger,
}: CompositionParts): (identifier: string, req?: Request) => LoggerLike {
  const loggers = new Map<string, Logger>();
  return (identifier, req) => {
    let logger = loggers.get(identifier);
    if (logger === undefined) {
      logger = getLogger(identifier);
      loggers.set(identifier, logger);
    }
    if (req === undefined) return logger;
    return logger.child(() => ({
      method: req.method,
      // The URL is written without its query, which can contain a token.
      path: req.path,
      uuid: req.uuid,
      remoteAddress: req.socket.remoteAddress ?? "",
    }));
  };
}
