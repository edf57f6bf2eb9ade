import type { SchemaNode, UnionNode } from "../node/schema-node.js";

/**
 * The index of the one alternative that a value which fits none was meant for: an object where a single alternative
 * takes objects, or a list where a single one takes lists. Its own issues say more than "neither fits".
 */
export function reportedAlternative(node: UnionNode, value: unknown): number | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return singleIndex(node, Array.isArray(value) ? isListNode : isObjectNode);
}

function singleIndex(node: UnionNode, test: (node: SchemaNode) => boolean): number | undefined {
  const first = node.alternatives.findIndex(test);
  return first >= 0 && first === node.alternatives.findLastIndex(test) ? first : undefined;
}

const isListNode = (node: SchemaNode) => node.kind === "array";
const isObjectNode = (node: SchemaNode) => node.kind === "object" || node.kind === "dict";
