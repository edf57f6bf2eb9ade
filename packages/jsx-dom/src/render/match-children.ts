import { isVNode, type JSXNode, type Key, nodeKind, type VNode } from "@miqro/jsx";
import type { Part } from "./part.js";

function keyOf(node: JSXNode): Key | undefined {
  return isVNode(node) ? (node.key ?? undefined) : undefined;
}

/** Tells whether a part can go on to show a node: it has the same kind, type and key. */
function canShow(part: Part | undefined, node: JSXNode): boolean {
  return (
    part !== undefined &&
    part.kind === nodeKind(node) &&
    keyOf(part.node) === keyOf(node) &&
    (!isVNode(node) || part.kind === "list" || (part.node as VNode).type === node.type)
  );
}

/**
 * Finds for each new child the old part that shows it: by key, or, without one, by its place.
 *
 * @returns for each node the index of its part, or -1 when it needs a new one
 */
export function matchChildren(parts: readonly Part[], nodes: readonly JSXNode[]): number[] {
  const byKey = new Map<Key | undefined, number>();
  for (const part of parts) byKey.set(keyOf(part.node), part.index);
  return nodes.map((node, place) => {
    const key = keyOf(node);
    const source = key === undefined ? place : (byKey.get(key) ?? -1);
    if (!canShow(parts[source], node)) return -1;
    // A key that comes twice shows its first node with the old part, and the others with new ones.
    byKey.delete(key);
    return source;
  });
}
