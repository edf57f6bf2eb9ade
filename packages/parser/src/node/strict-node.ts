import type { RefTarget, SchemaNode } from "./schema-node.js";

/**
 * Makes the node for `is`. It accepts only values that already have the type of the result: no coercion, no wrapping
 * and no defaults. It ignores the keys that parsing would remove.
 * @param targets the targets of refs that already have a strict target
 */
export function toStrictNode(node: SchemaNode, targets: Map<RefTarget, RefTarget> = new Map()): SchemaNode {
  if (node.fallback !== undefined) {
    const { fallback: _, ...rest } = node;
    return toStrictNode({ ...rest, optional: false }, targets);
  }
  switch (node.kind) {
    case "string": {
      const { transform: _, ...rest } = node;
      return rest;
    }
    case "number":
    case "bigint":
    case "boolean":
    case "date":
      return { ...node, coerce: false };
    case "values": {
      const { texts: _, ...rest } = node;
      return rest;
    }
    case "object":
      return {
        ...node,
        properties: node.properties.map(({ key, node }) => ({ key, node: toStrictNode(node, targets) })),
        mode: node.mode === "remove_extra" ? "add_extra" : node.mode,
      };
    case "array":
      return { ...node, items: toStrictNode(node.items, targets), wrap: false };
    case "dict":
      return { ...node, values: toStrictNode(node.values, targets) };
    case "union":
      return { ...node, alternatives: node.alternatives.map((part) => toStrictNode(part, targets)) };
    case "ref":
      return { ...node, target: toStrictTarget(node.target, targets) };
    case "custom":
    case "standard":
      return { ...node, unchanged: true };
    default:
      return node;
  }
}

function toStrictTarget(target: RefTarget, targets: Map<RefTarget, RefTarget>): RefTarget {
  const known = targets.get(target);
  if (known !== undefined) return known;
  const strict: RefTarget = { ...target };
  targets.set(target, strict);
  strict.node = toStrictNode(target.node, targets);
  return strict;
}
