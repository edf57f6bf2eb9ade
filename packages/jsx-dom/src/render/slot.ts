/**
 * The children that the page gave to an element without shadow root: whatever they are, they stay together between two
 * comments, and the component of the element says where. The first comment stands for all of it; it is moved and
 * removed as if it were one node.
 */
export interface Slot extends Comment {
  /** The comment behind the children. */
  miqroEnd?: Comment;
}

interface SlotOwner extends Node {
  miqroSlot?: Slot;
}

/** The comment behind a slot; `undefined` for whatever is no slot. */
export function slotEnd(value: unknown): Comment | undefined {
  return (value as Slot | null | undefined)?.miqroEnd;
}

/**
 * What a server wrote at the beginning of the content of a custom element that it rendered: the prefix of its ids, and a
 * bracket where the page gave children.
 */
export function labelOf(content: Node): RegExpExecArray | null {
  return /^\$(\D\S*\d)(\[?)$/.exec((content.firstChild as Comment | null)?.data as string);
}

/**
 * Marks what an element without shadow root shows, so that a copy of the element, which `cloneNode` made, does not take
 * it for given children: the given ones are in the slot that a comment names. Without a slot, the mark is not seen.
 */
export function markContent(content: Element, slot: Slot, isGiven: unknown): void {
  const label = `$0~${Math.random()}`;
  if (isGiven) {
    slot.data = `[${label}`;
    (slot.miqroEnd as Comment).data = `]${label}`;
    content.append(new Comment(label));
  } else content.append("", "", "");
}

/** The mark of what the original of a copy showed; `undefined` at an element that is no copy. */
export function markOf({ childNodes }: Node): string | undefined {
  let empty = 0;
  for (const { data } of childNodes as NodeListOf<Text>) {
    empty = data === "" ? empty + 1 : 0;
    if (empty > 2 || /^\$0~/.test(data)) return data;
  }
}

/** Takes a slot out of where it is, with all that it holds; a node comes as it is. */
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
 * @param creates true when all that the element holds is to go into a slot, unless a server made one
 */
export function slotOf(element: SlotOwner, creates?: boolean): Slot | undefined {
  const label = labelOf(element)?.[0] ?? (creates ? markOf(element) : undefined);
  // Kept with the nodes: another copy of this package may render the children.
  if (!element.miqroSlot && (label !== undefined || creates)) {
    const find = (mark: string) =>
      (label && document.evaluate(`.//comment()[.="${mark}${label}"]`, element, null, 9).singleNodeValue) ||
      new Comment();
    const first = find("[") as Slot;
    const end = find("]") as Comment;
    first.miqroEnd = end;
    // What is not shown waits in a fragment.
    if (!first.parentNode)
      new DocumentFragment().append(first, ...(label === undefined ? element.childNodes : []), end);
    element.miqroSlot = first;
  }
  return element.miqroSlot;
}
