import type { SchemaNode } from "../node/schema-node.js";

/**
 * What both compilers make of a node: answers with the parsed value, or with a `Failure` of at most `limit` issues.
 */
export type Program = (value: unknown, limit: number) => unknown;

/** The same, answering with the value or with `refused`, for callers that do not ask why. */
export type QuietProgram = (value: unknown) => unknown;

/** The answer of a quiet program to a value that does not fit. */
export const refused: unique symbol = Symbol("refused");

/** A way to run nodes; each must pass the one test suite. */
export interface Compiler {
  compile(node: SchemaNode): Program;
  compileQuiet(node: SchemaNode): QuietProgram;
}
