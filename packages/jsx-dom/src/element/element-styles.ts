/**
 * Has a document or a shadow root adopt a style sheet, once. Each document takes only those that were made in it, and
 * takes them from a shadow root that comes from another one: so it keeps the sheets of the CSS that it met.
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
