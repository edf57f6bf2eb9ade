import type { Failure } from "../issue/failure.js";
import type { SchemaNode } from "../node/schema-node.js";

/** Returns the parsed value, or `refused` at the first issue. Only refused values also need an `Explainer`. */
export type Program = (value: unknown) => unknown;

/**
 * Parses a refused value again and records the issues. It also returns a parsed value, because a getter may now return
 * a value that fits.
 */
export type Explainer = (value: unknown, failure: Failure) => unknown;

/** The result for a value that does not fit. */
export const refused: unique symbol = Symbol("refused");

/** Compiles nodes to functions. All implementations must pass the same test suite. */
export interface Compiler {
  compile(node: SchemaNode): Program;
  compileExplainer(node: SchemaNode): Explainer;
}
