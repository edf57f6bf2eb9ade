/**
 * The children of an element without shadow root. They are between two comments, and the component of the element
 * renders them at a position of its choice. The first comment represents all of them: it is moved and removed like one
 * node.
 */
export interface Slot extends Comment {
  /** The comment at the end of the children. */
  miqroEnd?: Comment;
}

interface SlotOwner extends Node {
  miqroSlot?: Slot;
}

/** The end comment of a slot; `undefined` for any other node. */
export function slotEnd(value: unknown): Comment | undefined {
  return (value as Slot | null | undefined)?.miqroEnd;
}

/**
 * Matches the comment that a server writes at the start of the content of a custom element. The comment contains the
 * prefix of the ids, and a bracket if the element has children.
 */
export function labelOf(content: Node): RegExpExecArray | null {
  return /^\$(\D\S*\d)(\[?)$/.exec((content.firstChild as Comment | null)?.data as string);
}

/**
 * Marks the content that the component rendered in an element without shadow root. So a copy of `cloneNode` does not
 * use this content as its children. The children are in the slot.
 */
export function markContent(content: Element, slot: Slot, isGiven: unknown): void {
  const label = `$0~${Math.random()}`;
  if (isGiven) {
    slot.data = `[${label}`;
    (slot.miqroEnd as Comment).data = `]${label}`;
    content.append(new Comment(label));
  } else content.append("", "", "");
}

/** In a copy of an element, returns the mark of the original. Returns `undefined` if the element is not a copy. */
export function markOf(node: Node): string | undefined {
  let empty = 0;
  for (const { data } of node.childNodes as NodeListOf<Text>) {
    empty = data === "" ? empty + 1 : 0;
    if (empty > 2 || /^\$0~/.test(data)) return data;
  }
}

/** Removes a slot and its content from the page and returns them in a fragment. Returns any other node unchanged. */
export function takeOut(node: Node): Node {
  const end = slotEnd(node);
  if (!end) return node;
  const range = new Range();
  range.setStartBefore(node);
  range.setEndAfter(end);
  return range.extractContents();
}

/**
 * Returns the slot of an element without shadow root, if it has one.
 *
 * @param creates true to move the whole content of the element into a new slot, unless a server made one
 */
export function slotOf(element: SlotOwner, creates?: boolean): Slot | undefined {
  const label = labelOf(element)?.[0] ?? (creates ? markOf(element) : undefined);
  // The slot is a property of the DOM node, because another copy of this package may render the children.
  if (!element.miqroSlot && (label !== undefined || creates)) {
    const find = (mark: string) =>
      (label && document.evaluate(`.//comment()[.="${mark}${label}"]`, element, null, 9).singleNodeValue) ||
      new Comment();
    const first = find("[") as Slot;
    const end = find("]") as Comment;
    first.miqroEnd = end;
    // A slot that is not rendered is stored in a fragment.
    if (!first.parentNode)
      new DocumentFragment().append(first, ...(label === undefined ? element.childNodes : []), end);
    element.miqroSlot = first;
  }
  return element.miqroSlot;
}
