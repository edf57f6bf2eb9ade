// What would end the element, or an element around it that holds raw text too, and what would begin a comment.
const endings = /<(?=\/(?:script|style|noscript|noembed|noframes|iframe|xmp|title|textarea|template)|!--)/gi;
// JSON has this character in strings only, where an escape means the same.
const jsonType = /json|^\s*(?:importmap|speculationrules)\s*$/i;

/**
 * Text for the inside of a `<script>`: the `<` of `</script` and `<!--` becomes an escape of JavaScript and JSON.
 *
 * @param type the `type` of the script
 */
export function toScriptText(text: string, type: unknown): string {
  return text.replace(typeof type === "string" && jsonType.test(type) ? /</g : endings, "\\u003c");
}

// Strings, comments and addresses, which may end where the text ends, and what could begin a tag elsewhere.
const cssPieces =
  /"[^"\\\n]*(?:\\[\s\S][^"\\\n]*)*"?|'[^'\\\n]*(?:\\[\s\S][^'\\\n]*)*'?|url\([^"')]*|\/\*[\s\S]*?(?:\*\/|$)|<(?=[a-z/!?])/gi;

/**
 * Text for the inside of a `<style>`. It holds no tag wherever a parser finds it: one that takes it for HTML, as in SVG,
 * finds none. In a string the `<` becomes an escape of CSS; elsewhere a space follows it.
 */
export function toStyleSheetText(text: string): string {
  return text.replace(cssPieces, (piece) => {
    return piece === "<" ? "< " : piece.replace(/<(?=[a-z/!?])/gi, "\\3c ");
  });
}
