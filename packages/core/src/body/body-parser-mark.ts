import type { Middleware } from "../exchange/types.js";

const bodyParsers = new WeakSet<object>();

/** Whether a function is a body parser of this package. */
export function isBodyParser(value: unknown): boolean {
  return typeof value === "function" && bodyParsers.has(value);
}

/** Marks a function as a body parser, so that a route which declares its body needs no other. */
export function markBodyParser(parser: Middleware): Middleware {
  bodyParsers.add(parser);
  return parser;
}
