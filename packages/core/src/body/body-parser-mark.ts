import type { Middleware } from "../exchange/types.js";

const bodyParsers = new WeakMap<object, readonly string[]>();

/** Whether a function is a body parser of this package. */
export function isBodyParser(value: unknown): boolean {
  return mediaTypesOf(value) !== undefined;
}

/**
 * Returns the media types that a body parser of this package reads, such as `application/json`, the usual one first.
 * Returns `undefined` for any other function.
 */
export function mediaTypesOf(parser: unknown): readonly string[] | undefined {
  return typeof parser === "function" ? bodyParsers.get(parser) : undefined;
}

/** Marks a function as a body parser. A route that declares its body then needs no other parser. */
export function markBodyParser(parser: Middleware, mediaTypes: readonly string[]): Middleware {
  bodyParsers.set(parser, mediaTypes);
  return parser;
}
