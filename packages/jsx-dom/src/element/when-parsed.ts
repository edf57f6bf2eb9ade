/**
 * Calls a function when all children of an element are there: at once, or when the parser has come to its end tag,
 * which shows in what follows the element, or those around it.
 */
export function whenParsed(element: Element, callback: () => void): void {
  if (document.readyState !== "loading" || element.closest(":has(+*)")) callback();
  // An observer of the document would be called for all that is parsed.
  else setTimeout(whenParsed, 20, element, callback);
}
