import { forPage } from "../for-page.js";

/** Where hydration is: it takes the nodes that a server rendered, one after the other. */
export const hydration: {
  /** The node to take next; `null` at the end of an element, and `undefined` when nothing is hydrated. */
  next: Node | null | undefined;
} = { next: undefined };

function warn(wanted: string, found: Node | null): void {
  if (!forPage) console.warn(`Hydration wanted ${wanted}, but found ${found?.nodeName ?? "nothing"} there.`);
}

/** Removes what the server rendered and nothing stands for, up to a node that stays. */
export function removeUntil(end: Node | null | undefined): void {
  for (let { next } = hydration; next && next !== end; next = hydration.next) {
    warn("nothing", next);
    hydration.next = next.nextSibling;
    (next as ChildNode).remove();
  }
}

/** The element of the page that a tag stands for; those before it that nothing stands for are removed. */
export function claimElement(tag: string): Element | undefined {
  for (let node = hydration.next; node; node = node.nextSibling) {
    if (node.nodeName.toLowerCase() !== tag.toLowerCase()) continue;
    removeUntil(node);
    hydration.next = node.nextSibling;
    return node as Element;
  }
  if (hydration.next !== undefined) warn(`<${tag}>`, hydration.next);
  return undefined;
}

/** The node of the page that holds a text. A parser makes one of several that follow each other. */
export function claimText(text: string): Text | undefined {
  const node = hydration.next as Text | null | undefined;
  if (node?.nodeType !== 3 || text === "") return undefined;
  if (node.data.startsWith(text)) {
    if (node.data !== text) node.splitText(text.length);
  } else {
    warn(`"${text}"`, node);
    node.data = text;
  }
  hydration.next = node.nextSibling;
  return node;
}
