import type { Middleware } from "../exchange/types.js";

const bodyParsers = new WeakMap<object, readonly string[]>();

/** Whether a function is a body parser of this package. */
export function isBodyParser(value: unknown): boolean {
  return mediaTypesOf(value) !== undefined;
}

/**
 * The media types that a body parser of this package reads, such as `application/json`, the usual one first. Gives
 * `undefined` for any other function.
 */
export function mediaTypesOf(parser: unknown): readonly string[] | undefined {
  return typeof parser === "function" ? bodyParsers.get(parser) : undefined;
}

/** Marks a function as a body parser, so that a route which declares its body needs no other. */
export function markBodyParser(parser: Middleware, mediaTypes: readonly string[]): Middleware {
  bodyParsers.set(parser, mediaTypes);
  return parser;
}
