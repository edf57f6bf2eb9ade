/**
 * Has a document or a shadow root adopt a style sheet, once.
 *
 * @param sheets the sheets of that CSS: each document takes only those that were made in it, and takes them from a
 * shadow root that comes from another one
 */
export function adoptStyles(
  scope: Document | ShadowRoot,
  css: string,
  sheets: WeakMap<Document, CSSStyleSheet>,
): void {
  const owner = scope.ownerDocument ?? (scope as Document);
  const view = owner.defaultView;
  if (!css || !view) return;
  let sheet = sheets.get(owner);
  if (!sheet) {
    sheet = new view.CSSStyleSheet();
    sheet.replaceSync(css);
    sheets.set(owner, sheet);
  }
  if (!scope.adoptedStyleSheets.includes(sheet)) scope.adoptedStyleSheets.push(sheet);
}
