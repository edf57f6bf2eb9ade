/** Tells whether a name is a custom element's own, and not one that all elements have. */
export function mayOwn(dom: Element, name: string): boolean {
  return dom.localName.includes("-") && !(name in HTMLElement.prototype);
}
