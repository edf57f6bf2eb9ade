/**
 * Adds a style sheet to a document or a shadow root, once. A style sheet works only in the document that created it. If
 * a shadow root moves to another document, the browser removes its sheets. So each document has its own cache of
 * sheets.
 */
export function adoptStyles(scope: Document | ShadowRoot, css: string): void {
  const owner = (scope.ownerDocument ?? scope) as Document & Record<symbol, CSSStyleSheet | undefined>;
  const view = owner.defaultView;
  if (!css || !view) return;
  const key = Symbol.for(css);
  let sheet = owner[key];
  if (!sheet) {
    sheet = new view.CSSStyleSheet();
    sheet.replaceSync(css);
    owner[key] = sheet;
  }
  if (!scope.adoptedStyleSheets.includes(sheet)) scope.adoptedStyleSheets.push(sheet);
}
