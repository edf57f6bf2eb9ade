/** Tells whether a custom element may declare this property itself. Properties that all elements have return false. */
export function mayOwn(dom: Element, name: string): boolean {
  return dom.localName.includes("-") && !(name in HTMLElement.prototype);
}
