import type { SchemaNode } from "./schema-node.js";

/**
 * The node that accepts what is of the type already: no coercion, no wrapping, no defaults, and keys that would be
 * left out are let be. It decides `is`.
 */
export function toStrictNode(node: SchemaNode): SchemaNode {
  if (node.fallback !== undefined) {
    const { fallback: _, ...rest } = node;
    return toStrictNode({ ...rest, optional: false });
  }
  switch (node.kind) {
    case "number":
    case "boolean":
      return { ...node, coerce: false };
    case "values": {
      const { texts: _, ...rest } = node;
      return rest;
    }
    case "object":
      return {
        ...node,
        properties: node.properties.map(({ key, node }) => ({ key, node: toStrictNode(node) })),
        mode: node.mode === "remove_extra" ? "add_extra" : node.mode,
      };
    case "array":
      return { ...node, items: toStrictNode(node.items), wrap: false };
    case "dict":
      return { ...node, values: toStrictNode(node.values) };
    case "union":
      return { ...node, alternatives: node.alternatives.map(toStrictNode) };
    case "standard":
      return { ...node, unchanged: true };
    default:
      return node;
  }
}
