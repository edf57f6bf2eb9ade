import { forPage } from "../for-page.js";

/** The next DOM node to hydrate: `null` at the end of an element, `undefined` if nothing is hydrated. */
export let cursor: Node | null | undefined;

/** The elements that a parser moves into the head if the page begins with them. */
export const headElements: RegExp = /^(base|link|meta|noscript|script|style|template|title)$/;

/** Continues hydration at another node. */
export function moveCursor(node: Node | null | undefined): void {
  cursor = node;
}

/** Warns that the page differs from the nodes of its components. */
export function warn(wanted: string, found = "nothing"): void {
  console.warn(
    `Hydration: the page needs ${wanted}, but the server sent ${found}. Render the same content on both.`,
  );
}

/** Removes the nodes of the server, up to the node `end`, because no component rendered them. */
export function removeUntil(end: Node | null): void {
  while (cursor && cursor !== end) {
    if (!forPage) warn("nothing", cursor.nodeName);
    const unwanted = cursor as ChildNode;
    cursor = unwanted.nextSibling;
    unwanted.remove();
  }
}

/**
 * Returns the next element of the page with this tag. Removes the nodes before it, because no component rendered them.
 */
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

/** Tells whether a server wrote this text of a script or a style with escapes, so that it cannot end its element. */
function isEscaped(node: Text, text: string): boolean {
  const plain = (written: string) => written.replace(/(?:\\u003c|\\3c |<) ?/gi, "<");
  return (
    /^(script|style)$/.test(node.parentElement?.localName ?? "") && plain(node.data).startsWith(plain(text))
  );
}

/**
 * Returns the text node of the page for a string, or creates one. A parser joins adjacent strings into one text node,
 * so this may split a node.
 */
export function claimText(text: string): Text {
  const node = cursor as Text;
  if (node?.nodeType !== 3 || !text) return new Text(text);
  if (node.data.startsWith(text)) {
    if (node.data !== text) node.splitText(text.length);
  } else {
    if (!forPage && !isEscaped(node, text)) warn(`"${text}"`, node.data);
    node.data = text;
  }
  cursor = node.nextSibling;
  return node;
}
