import type { ComponentInstance, JSXNode, NodeKind, VNode } from "@miqro/jsx";
import type { Listener } from "./listener.js";
import { slotEnd, slotOf, takeOut } from "./slot.js";

/** A node at its position in the page. The tree of parts outlives the vnodes that it was made from. */
export interface Part {
  kind: NodeKind | "root";
  /** The parent; undefined for the root. */
  readonly parent: Part | undefined;
  /** Its index in `parent.parts`. */
  index: number;
  /** The node that it shows now. */
  node: JSXNode;
  /** Its own instance, or that of the nearest component above it. */
  instance: ComponentInstance;
  /** Its own DOM node: texts, elements, slots and the root have one. */
  dom: Node | undefined;
  parts: readonly Part[];
  listeners: Record<string, Listener> | undefined;
  /** The function that a ref returned: it is called instead of the ref when the element leaves. */
  cleanup?: unknown;
  /**
   * True for a field that the user changed before hydration. The change stays until the component changes the field or
   * hears of it.
   */
  typed?: boolean;
  /**
   * Children that show nothing: those after `first` and before `last`. A child that is going to show something asks for
   * the node behind it, and becomes `first`.
   */
  gap?: { readonly parts: readonly Part[]; readonly first: number; readonly last: number };
}

/** The children of a part that has shown nothing yet: the first children have no earlier position in the page. */
export const none: readonly never[] = [];

/** Makes a part that has no children yet. */
export function createPart(
  kind: Part["kind"],
  parent: Part | undefined,
  index: number,
  node: JSXNode,
  instance: ComponentInstance,
  dom?: Node,
): Part {
  return { kind, parent, index, node, instance, dom, parts: none, listeners: undefined };
}

/** The part whose DOM node holds those of another. */
export function ownerOf(part: Part): Part {
  const above = part.parent as Part;
  return above.dom ? above : ownerOf(above);
}

/** The node that holds the children of an element. The children of a template are in its content. */
export function contentOf({ dom, node }: Part): Node {
  // The vnode is checked first: a check of each element is slow.
  return (
    ((node as VNode | null)?.type === "template" && (dom as HTMLTemplateElement).content) || (dom as Node)
  );
}

/** The first DOM node of a part, if it has any. */
export function firstNode(part: Part): Node | undefined {
  let node = part.dom;
  for (let place = 0; !node && place < part.parts.length; place++)
    node = firstNode(part.parts[place] as Part);
  return node;
}

/** The DOM node behind all children of a part, or `null` where they end their container. */
export function nodeAfterChildren(part: Part): Node | null {
  // The content of a custom element is its own. Children that others give to it are in its slot.
  if (part.dom) return (part.kind === "element" && slotEnd(slotOf(part.dom))) || null;
  const above = part.parent as Part;
  const { parts, gap } = above;
  // Without `gap`, many siblings that show their first node one after the other would each search all siblings behind
  // them.
  const isKnown = gap?.parts === parts && gap.first <= part.index && part.index < gap.last;
  let place = isKnown ? gap.last : part.index + 1;
  let node: Node | undefined;
  for (; place < parts.length && !node; place++) node = firstNode(parts[place] as Part);
  above.gap = { parts, first: part.index, last: node ? place - 1 : place };
  return node ?? nodeAfterChildren(above);
}

/**
 * Moves all DOM nodes of a part, from the first to the last, to their position: before the node `before`, or at the
 * end.
 *
 * @param before the node that follows the part
 * @param stays true if the part itself stays, and the nodes in front of it move
 * @returns the node after the part
 */
export function insertPart(part: Part, before: Node | null, stays?: boolean): Node | null {
  const { dom } = part;
  if (!dom) {
    let next = before;
    for (const child of part.parts) next = insertPart(child, next, stays);
    return next;
  }
  // Checking every node for the end of a slot would be slow.
  const end = part.kind === "invalid" && slotEnd(dom);
  const behind = (end || dom).nextSibling;
  if (stays || dom === before) return behind;
  const owner = ownerOf(part);
  const container = contentOf(owner);
  // Another script may have moved the node that should follow. The part then goes to the end of the container.
  const next = !before || container.contains(before) ? before : nodeAfterChildren(owner);
  const target = (next?.parentNode ?? container) as Node & { moveBefore?: Node["insertBefore"] };
  if (dom.parentNode === target && behind === next) return next;
  const node = end ? takeOut(dom) : dom;
  // With `moveBefore`, a node keeps its focus, its scroll position and its document. Not every browser has it.
  target[node.isConnected && target.isConnected && target.moveBefore ? "moveBefore" : "insertBefore"]?.(
    node,
    next,
  );
  return next;
}
