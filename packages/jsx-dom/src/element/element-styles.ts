/**
 * Adds a style sheet to a document or a shadow root, once. A document accepts only sheets that were made in it, and
 * removes them from a shadow root that comes from another document. So each document keeps its own sheets by their CSS.
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
