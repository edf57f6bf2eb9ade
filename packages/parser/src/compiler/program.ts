import type { Failure } from "../issue/failure.js";
import type { SchemaNode } from "../node/schema-node.js";

/** Answers with the parsed value, or with `refused` at the first fault: it stands for nearly every value. */
export type Program = (value: unknown) => unknown;

/**
 * Goes through a value that was refused, and notes why. Answers with the parsed value all the same, for the case
 * that it has become a fitting one.
 */
export type Explainer = (value: unknown, failure: Failure) => unknown;

/** The answer to a value that does not fit. */
export const refused: unique symbol = Symbol("refused");

/** A way to run nodes; each must pass the one test suite. */
export interface Compiler {
  compile(node: SchemaNode): Program;
  compileExplainer(node: SchemaNode): Explainer;
}
