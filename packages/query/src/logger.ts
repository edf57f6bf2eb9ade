/** The logger of this package: five levels; each takes a message and printf-style arguments, as `console` does. */
export interface Logger {
  error(message: unknown, ...optionalParams: unknown[]): void;
  warn(message: unknown, ...optionalParams: unknown[]): void;
  info(message: unknown, ...optionalParams: unknown[]): void;
  debug(message: unknown, ...optionalParams: unknown[]): void;
  trace(message: unknown, ...optionalParams: unknown[]): void;
}

function ignore(): void {}

/** The logger for callers that gave none. */
export const silentLogger: Logger = {
  error: ignore,
  warn: ignore,
  info: ignore,
  debug: ignore,
  trace: ignore,
};
