/**
 * Tells whether a custom element may declare this property itself. Returns false for properties that all elements have.
 */
export function mayOwn(dom: Element, name: string): boolean {
  return dom.localName.includes("-") && !(name in HTMLElement.prototype);
}
