/**
 * The interface of a logger, with a method for each of five levels. Each method takes a message and printf-style
 * arguments, like `console`.
 */
export interface Logger {
  error(message: unknown, ...optionalParams: unknown[]): void;
  warn(message: unknown, ...optionalParams: unknown[]): void;
  info(message: unknown, ...optionalParams: unknown[]): void;
  debug(message: unknown, ...optionalParams: unknown[]): void;
  trace(message: unknown, ...optionalParams: unknown[]): void;
}

function ignore(): void {}

/** The logger that is used if no logger was given. */
export const silentLogger: Logger = {
  error: ignore,
  warn: ignore,
  info: ignore,
  debug: ignore,
  trace: ignore,
};
