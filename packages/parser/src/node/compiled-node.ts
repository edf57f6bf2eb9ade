import type { SchemaNode } from "./schema-node.js";

// A compiled schema is also a Standard Schema; knowing its node lets it stand inside another one at full speed.
const nodes = new WeakMap<object, SchemaNode>();

/** Remembers the node of a compiled schema. */
export function rememberNode(compiled: object, node: SchemaNode): void {
  nodes.set(compiled, node);
}

/** The node of a compiled schema, or undefined for everything else. */
export function compiledNode(value: unknown): SchemaNode | undefined {
  return typeof value === "object" && value !== null ? nodes.get(value) : undefined;
}
