import { forPage } from "../for-page.js";

/** The node of the page to take next; `null` at the end of an element, and `undefined` when nothing is hydrated. */
export let cursor: Node | null | undefined;

/** What a parser puts into the head of a page that begins with it. */
export const headElements: RegExp = /^(base|link|meta|noscript|script|style|template|title)$/;

/** Has hydration go on at another node. */
export function moveCursor(node: Node | null | undefined): void {
  cursor = node;
}

/** Says that the page differs from what its components show. */
export function warn(wanted: string, found = "nothing"): void {
  console.warn(`Hydration wanted ${wanted}, but found ${found} there.`);
}

/** Removes what the server rendered and nothing stands for, up to a node that stays. */
export function removeUntil(end: Node | null): void {
  while (cursor && cursor !== end) {
    if (!forPage) warn("nothing", cursor.nodeName);
    const unwanted = cursor as ChildNode;
    cursor = unwanted.nextSibling;
    unwanted.remove();
  }
}

/** The element of the page that a tag stands for; those before it that nothing stands for are removed. */
export function claimElement(tag: string): Element | undefined {
  for (let node = cursor as Element | null | undefined; node; node = node.nextSibling as Element | null) {
    if (node.localName !== tag) continue;
    removeUntil(node);
    cursor = node.nextSibling;
    return node;
  }
  if (!forPage && cursor !== undefined && !headElements.test(tag)) warn(`<${tag}>`, cursor?.nodeName);
  return undefined;
}

/** The node of a text: the page's, if there is one. A parser makes one of several that follow each other. */
export function claimText(text: string): Text {
  const node = cursor as Text;
  if (node?.nodeType !== 3 || !text) return new Text(text);
  if (node.data.startsWith(text)) {
    if (node.data !== text) node.splitText(text.length);
  } else {
    if (!forPage) warn(`"${text}"`, node.data);
    node.data = text;
  }
  cursor = node.nextSibling;
  return node;
}
