import type { ComponentInstance, JSXNode, NodeKind } from "@miqro/jsx";
import type { Listener } from "./listener.js";

/** A node at its place in the page. The tree of parts outlives the vnodes that it was made from. */
export interface Part {
  readonly kind: NodeKind | "root";
  readonly parent: Part | undefined;
  /** Its place in `parent.children`. */
  index: number;
  /** What it shows now. */
  node: JSXNode;
  /** Its own instance, or that of the nearest component above it. */
  instance: ComponentInstance;
  /** The DOM node that its own nodes are in. */
  readonly container: Node;
  /** Its own DOM node: texts, elements and the root have one. */
  dom?: Node;
  children: readonly Part[];
  listeners?: Map<string, Listener>;
}

/** The first DOM node of a part, if it has any. */
export function firstNode(part: Part): Node | undefined {
  if (part.dom !== undefined) return part.dom;
  for (const child of part.children) {
    const node = firstNode(child);
    if (node !== undefined) return node;
  }
  return undefined;
}

/** The DOM node that follows a part in its container, or `null` at the end of it. */
export function nodeAfter({ dom, parent, index }: Part): Node | null {
  if (dom !== undefined || parent === undefined) return null;
  for (let next = index + 1; next < parent.children.length; next++) {
    const node = firstNode(parent.children[next] as Part);
    if (node !== undefined) return node;
  }
  return nodeAfter(parent);
}

/** Puts all DOM nodes of a part into its container, before a node of it, or at its end. */
export function insertPart(part: Part, before: Node | null): void {
  const { container, dom, children } = part;
  // Another script may have moved the node: the end of the container is then the place to go on from.
  if (dom !== undefined) container.insertBefore(dom, before?.parentNode === container ? before : null);
  else for (const child of children) insertPart(child, before);
}
