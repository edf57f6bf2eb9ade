/** Makes the style sheets of a definition, once for all its elements. */
export function createStyleSheets(styles: string | readonly string[] = []): CSSStyleSheet[] {
  return [styles].flat().map((css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    return sheet;
  });
}

/** Adds style sheets to a document or a shadow root that does not have them. */
export function adoptStyleSheets(scope: Node, sheets: readonly CSSStyleSheet[]): void {
  const adopted = (scope as Document | ShadowRoot).adoptedStyleSheets;
  for (const sheet of sheets) if (!adopted.includes(sheet)) adopted.push(sheet);
}
