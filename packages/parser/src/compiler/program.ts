import type { Failure } from "../issue/failure.js";
import type { SchemaNode } from "../node/schema-node.js";

/** Returns the parsed value, or `refused` at the first fault. It is enough for nearly every value. */
export type Program = (value: unknown) => unknown;

/**
 * Runs again over a value that was refused, and notes why. Returns the parsed value nevertheless, in case the value
 * fits by now.
 */
export type Explainer = (value: unknown, failure: Failure) => unknown;

/** The result for a value that does not fit. */
export const refused: unique symbol = Symbol("refused");

/** A way to run nodes. Each implementation must pass the same test suite. */
export interface Compiler {
  compile(node: SchemaNode): Program;
  compileExplainer(node: SchemaNode): Explainer;
}
