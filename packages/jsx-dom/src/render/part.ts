import type { ComponentInstance, JSXNode, NodeKind } from "@miqro/jsx";
import type { Listener } from "./listener.js";
import { Slot, slotOf } from "./slot.js";

/** A node at its place in the page. The tree of parts outlives the vnodes that it was made from. */
export interface Part {
  kind: NodeKind | "root";
  /** The root has none. */
  readonly parent: Part | undefined;
  /** Its place in `parent.children`. */
  index: number;
  /** What it shows now. */
  node: JSXNode;
  /** Its own instance, or that of the nearest component above it. */
  instance: ComponentInstance;
  /** Its own DOM node: texts, elements and the root have one. */
  dom: Node | Slot | undefined;
  children: readonly Part[];
  listeners: Record<string, Listener> | undefined;
}

/** The part whose DOM node holds those of another. */
export function ownerOf({ parent }: Part): Part {
  const above = parent as Part;
  return above.dom ? above : ownerOf(above);
}

/** The first DOM node of a part, if it has any. */
export function firstNode({ dom, children }: Part): Node | undefined {
  if (dom) return dom instanceof Slot ? dom.first : dom;
  for (const child of children) {
    const node = firstNode(child);
    if (node) return node;
  }
  return undefined;
}

/** The DOM node that follows a part among those around it, or `null` at the end of them. */
export function nodeAfter({ dom, parent, index }: Part): Node | null {
  if (dom || !parent) return null;
  for (const next of parent.children.slice(index + 1)) {
    const node = firstNode(next);
    if (node) return node;
  }
  return nodeAfter(parent);
}

/** Puts all DOM nodes of a part where they belong: before a given one, or at the end. */
export function insertPart(part: Part, before: Node | null): void {
  const { dom, children } = part;
  if (!dom) {
    for (const child of children) insertPart(child, before);
    return;
  }
  const owner = ownerOf(part);
  const container = owner.dom as Node;
  // Another script may have moved the node that should follow: the end of the container is then the place to go on
  // from. The children of an element with a slot stand in it.
  const end = owner.kind === "element" ? slotOf(container)?.end : undefined;
  const next = container.contains(before) ? before : (end ?? null);
  const target = (next?.parentNode ?? container) as Node & { moveBefore?: Node["insertBefore"] };
  if (dom.parentNode === target && dom.nextSibling === next) return;
  const node = dom instanceof Slot ? dom.remove() : dom;
  // Moved so, a node keeps its focus, its scroll position and its document; not every browser can.
  target[node.isConnected && target.isConnected && target.moveBefore ? "moveBefore" : "insertBefore"]?.(
    node,
    next,
  );
}
