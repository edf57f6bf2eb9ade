// Matches strings that would end the `<script>` or an outer raw text element, or begin a comment.
const endings = /<(?=\/(?:script|style|noscript|noembed|noframes|iframe|xmp|title|textarea|template)|!--)/gi;
// Script types whose content is JSON. In JSON, `<` occurs only in strings, so it can be escaped.
const jsonType = /json|^\s*(?:importmap|speculationrules)\s*$/i;

/**
 * Escapes a string for the content of a `<script>`. The `<` of `</script` and `<!--` becomes an escape sequence of
 * JavaScript and JSON.
 *
 * @param type the `type` of the script
 */
export function toScriptText(text: string, type: unknown): string {
  return text.replace(typeof type === "string" && jsonType.test(type) ? /</g : endings, "\\u003c");
}

// Matches strings, comments and URLs of CSS, also without their end, and a `<` in other CSS.
const cssPieces =
  /"[^"\\\n]*(?:\\[\s\S][^"\\\n]*)*"?|'[^'\\\n]*(?:\\[\s\S][^'\\\n]*)*'?|url\([^"')]*|\/\*[\s\S]*?(?:\*\/|$)|<(?=[a-z/!?])/gi;

/**
 * Escapes a string for the content of a `<style>`. The result contains no tag, even if a parser reads it as HTML, for
 * example inside of SVG. In a CSS string, `<` becomes an escape sequence. Elsewhere, a space is added after it.
 */
export function toStyleSheetText(text: string): string {
  return text.replace(cssPieces, (piece) => {
    return piece === "<" ? "< " : piece.replace(/<(?=[a-z/!?])/gi, "\\3c ");
  });
}
