import type { Middleware } from "../exchange/types.js";

const bodyParsers = new WeakSet<object>();

/** Whether a function is a body parser of this package. */
export function isBodyParser(value: unknown): boolean {
  return typeof value === "function" && bodyParsers.has(value);
}

/** Marks a function as a body parser. A route that declares its body then needs no other parser. */
export function markBodyParser(parser: Middleware): Middleware {
  bodyParsers.add(parser);
  return parser;
}
