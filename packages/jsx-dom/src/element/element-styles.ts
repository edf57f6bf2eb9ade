/**
 * Adds a style sheet to a document or a shadow root, once. A style sheet works only in the document that created it. If
 * a shadow root moves to another document, the browser removes its sheets. So each document has its own cache of
 * sheets.
 */
export function adoptStyles(scope: Document | ShadowRoot, css: string): void {
  const owner = (scope.ownerDocument ?? scope) as Document & Record<symbol, CSSStyleSheet | undefined>;
  if (!css || !owner.defaultView) return;
  const key = Symbol.for(css);
  let sheet = owner[key];
  if (!sheet) {
    sheet = owner[key] = new owner.defaultView.CSSStyleSheet();
    sheet.replaceSync(css);
  }
  if (!scope.adoptedStyleSheets.includes(sheet)) scope.adoptedStyleSheets.push(sheet);
}
