/**
 * The children that the page gave to an element without shadow root. They stay together between two comments, and the
 * component of the element decides where they are shown. The first comment represents them all: it is moved and removed
 * as if it were one node.
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
 * The comment that a server wrote at the start of a custom element's content. It holds the prefix of the ids, and a
 * bracket if the page gave children.
 */
export function labelOf(content: Node): RegExpExecArray | null {
  return /^\$(\D\S*\d)(\[?)$/.exec((content.firstChild as Comment | null)?.data as string);
}

/**
 * Marks what the component rendered in an element without shadow root. A copy made with `cloneNode` then does not treat
 * it as children that the page gave. Those are in the slot that a comment names.
 */
export function markContent(content: Element, slot: Slot, isGiven: unknown): void {
  const label = `$0~${Math.random()}`;
  if (isGiven) {
    slot.data = `[${label}`;
    (slot.miqroEnd as Comment).data = `]${label}`;
    content.append(new Comment(label));
  } else content.append("", "", "");
}

/** The mark of the original's content in a copy; `undefined` for an element that is not a copy. */
export function markOf({ childNodes }: Node): string | undefined {
  let empty = 0;
  for (const { data } of childNodes as NodeListOf<Text>) {
    empty = data === "" ? empty + 1 : 0;
    if (empty > 2 || /^\$0~/.test(data)) return data;
  }
}

/** Takes a slot with its content out of the page. Any other node is returned as it is. */
export function takeOut(node: Node): Node {
  const end = slotEnd(node);
  if (!end) return node;
  const range = new Range();
  range.setStartBefore(node);
  range.setEndAfter(end);
  return range.extractContents();
}

/**
 * The slot of an element without shadow root, if it has one.
 *
 * @param creates true to move the whole content of the element into a new slot, unless a server made one
 */
export function slotOf(element: SlotOwner, creates?: boolean): Slot | undefined {
  const label = labelOf(element)?.[0] ?? (creates ? markOf(element) : undefined);
  // Stored with the nodes: another copy of this package may render the children.
  if (!element.miqroSlot && (label !== undefined || creates)) {
    const find = (mark: string) =>
      (label && document.evaluate(`.//comment()[.="${mark}${label}"]`, element, null, 9).singleNodeValue) ||
      new Comment();
    const first = find("[") as Slot;
    const end = find("]") as Comment;
    first.miqroEnd = end;
    // A slot that is not shown waits in a fragment.
    if (!first.parentNode)
      new DocumentFragment().append(first, ...(label === undefined ? element.childNodes : []), end);
    element.miqroSlot = first;
  }
  return element.miqroSlot;
}
