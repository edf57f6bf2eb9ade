import type { ComponentInstance, JSXNode, NodeKind, VNode } from "@miqro/jsx";
import type { Listener } from "./listener.js";
import { slotEnd, slotOf, takeOut } from "./slot.js";

/** A rendered node at its position in the page. A part stays when a later render replaces its vnode. */
export interface Part {
  kind: NodeKind | "root";
  /** The parent part; undefined for the root. */
  readonly parent: Part | undefined;
  /** Its index in `parent.parts`. */
  index: number;
  /** The node that the part shows now. */
  node: JSXNode;
  /** The instance of the component, or of the nearest component above the part. */
  instance: ComponentInstance;
  /** The DOM node of the part. Texts, elements, slots and the root have one. */
  dom: Node | undefined;
  parts: readonly Part[];
  listeners: Record<string, Listener> | undefined;
  /** The cleanup that a ref returned. It is called when the element is removed. */
  cleanup?: unknown;
  /**
   * True for a field that the user changed before hydration. The change is kept until the component changes the field
   * or a handler runs.
   */
  typed?: boolean;
  /**
   * A cache for `nodeAfterChildren`: the children with an index between `first` and `last` have no DOM nodes. When a
   * child gets its first DOM node, its index becomes `first`.
   */
  gap?: { readonly parts: readonly Part[]; readonly first: number; readonly last: number };
}

/** The value of `parts` before the first render of a part. */
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

/** Returns the nearest part above whose DOM node contains the DOM nodes of this part. */
export function ownerOf(part: Part): Part {
  const above = part.parent as Part;
  return above.dom ? above : ownerOf(above);
}

/** Returns the DOM node that contains the children of an element. For a template, this is its `content`. */
export function contentOf({ dom, node }: Part): Node {
  // Checks the vnode first, because checking each DOM element is slow.
  return (
    ((node as VNode | null)?.type === "template" && (dom as HTMLTemplateElement).content) || (dom as Node)
  );
}

/** The first DOM node of a part, if it has any. */
export function firstNode(part: Part): Node | undefined {
  if (part.dom) return part.dom;
  for (const child of part.parts) {
    const node = firstNode(child);
    if (node) return node;
  }
  return undefined;
}

/**
 * Returns the DOM node that follows the children of a part, or `null` if they are the last nodes of their container.
 */
export function nodeAfterChildren(part: Part): Node | null {
  // Without a shadow root, the slot contains the children that other components give to a custom element.
  if (part.dom) return (part.kind === "element" && slotEnd(slotOf(part.dom))) || null;
  const above = part.parent as Part;
  const { parts, gap } = above;
  // Without `gap`, if many siblings get their first DOM node one after the other, each would search all siblings after
  // it.
  const isKnown = gap?.parts === parts && gap.first <= part.index && part.index < gap.last;
  let place = isKnown ? gap.last : part.index + 1;
  let node: Node | undefined;
  for (; place < parts.length; place++) {
    node = firstNode(parts[place] as Part);
    if (node) break;
  }
  above.gap = { parts, first: part.index, last: place };
  return node ?? nodeAfterChildren(above);
}

/**
 * Moves all DOM nodes of a part to a new position: before the node `before`, or to the end of the container.
 *
 * @param before the node that follows the part
 * @param stays true if the part does not move
 * @returns the node after the part
 */
export function insertPart(part: Part, before: Node | null, stays?: boolean): Node | null {
  const { dom } = part;
  if (!dom) {
    let next = before;
    for (const child of part.parts) next = insertPart(child, next, stays);
    return next;
  }
  // Only parts of this kind can be slots. Checking every node would be slow.
  const end = part.kind === "invalid" && slotEnd(dom);
  const behind = (end || dom).nextSibling;
  if (stays || dom === before) return behind;
  const owner = ownerOf(part);
  const container = contentOf(owner);
  // If another script moved the node `before` away, the part is inserted at the end of the container.
  const next = !before || container.contains(before) ? before : nodeAfterChildren(owner);
  const target = (next?.parentNode ?? container) as Node & { moveBefore?: Node["insertBefore"] };
  if (dom.parentNode === target && behind === next) return next;
  const node = end ? takeOut(dom) : dom;
  // With `moveBefore`, a node keeps its focus, its scroll position and the document of a frame. Not every browser has
  // this method.
  if (node.isConnected && target.isConnected && target.moveBefore) target.moveBefore(node, next);
  else target.insertBefore(node, next);
  return next;
}
