/**
 * The children that the page gave to an element without shadow root: whatever they are, they stay together between two
 * comments, and the component of the element says where. It is moved and removed as if it were one node.
 */
export class Slot {
  readonly first: Comment;
  readonly end: Comment;

  constructor(first: Comment = new Comment(), end: Comment = new Comment()) {
    this.first = first;
    this.end = end;
  }

  get parentNode(): Node | null {
    return this.first.parentNode;
  }

  get nextSibling(): Node | null {
    return this.end.nextSibling;
  }

  /** Takes everything out of where it is: what is not shown waits in a fragment. */
  remove(): DocumentFragment {
    const range = new Range();
    range.setStartBefore(this.first);
    range.setEndAfter(this.end);
    return range.extractContents();
  }
}

// Registered, since another copy of this package may render the children.
const key = Symbol.for("miqro.slot");

/** What a server wrote at the beginning of the content of a custom element that it rendered. */
export function labelOf(content: Node): string | undefined {
  const { data } = (content.firstChild ?? {}) as Partial<Comment>;
  return data?.startsWith("$") ? data : undefined;
}

/**
 * The slot of an element without shadow root, if it has one.
 *
 * @param creates true when all that the element holds is to go into a slot, unless a server made one
 */
export function slotOf(element: Node, creates?: boolean): Slot | undefined {
  const owner = element as { [key]?: Slot };
  if (owner[key]) return owner[key];
  const label = labelOf(element);
  if (!label && !creates) return undefined;
  const find = (data: string) =>
    document.evaluate(`.//comment()[.="${data}"]`, element, null, 9).singleNodeValue as Comment | null;
  const slot = new Slot(find(`[${label}`) ?? undefined, find(`]${label}`) ?? undefined);
  if (!slot.parentNode) {
    const given = label ? [] : element.childNodes;
    new DocumentFragment().append(slot.first, ...given, slot.end);
  }
  owner[key] = slot;
  return slot;
}
