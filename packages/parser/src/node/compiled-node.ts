import type { SchemaNode } from "./schema-node.js";

/** The node and the options that a compiled schema was made of. */
export interface CompiledNode {
  readonly node: SchemaNode;
  /** The number of nodes, including all parts. */
  readonly size: number;
}

// A compiled schema is also a Standard Schema. If another schema contains it, its node is found here and compiled as a
// part of that schema, which is faster.
const nodes = new WeakMap<object, CompiledNode>();

/** Stores the node of a compiled schema. */
export function rememberNode(compiled: object, node: CompiledNode): void {
  nodes.set(compiled, node);
}

/** The node of a compiled schema, or undefined for any other value. */
export function compiledNode(value: unknown): CompiledNode | undefined {
  return typeof value === "object" && value !== null ? nodes.get(value) : undefined;
}
