import type { SchemaNode } from "./schema-node.js";

/** The node and the options that a compiled schema was made of. */
export interface CompiledNode {
  readonly node: SchemaNode;
  /** How many nodes it is, all parts counted. */
  readonly size: number;
}

// A compiled schema is also a Standard Schema. Because its node is known here, it can stand inside another schema at
// full speed.
const nodes = new WeakMap<object, CompiledNode>();

/** Remembers the node of a compiled schema. */
export function rememberNode(compiled: object, node: CompiledNode): void {
  nodes.set(compiled, node);
}

/** The node of a compiled schema, or undefined for any other value. */
export function compiledNode(value: unknown): CompiledNode | undefined {
  return typeof value === "object" && value !== null ? nodes.get(value) : undefined;
}
