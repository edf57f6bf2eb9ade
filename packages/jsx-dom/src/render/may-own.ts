/** Tells whether a name can belong to a custom element itself, instead of to all elements. */
export function mayOwn(dom: Element, name: string): boolean {
  return dom.localName.includes("-") && !(name in HTMLElement.prototype);
}
