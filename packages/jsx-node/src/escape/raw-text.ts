// The texts that would end the `<script>`, or an element with raw text around it, or begin a comment.
const endings = /<(?=\/(?:script|style|noscript|noembed|noframes|iframe|xmp|title|textarea|template)|!--)/gi;
// JSON has this character only in strings, where an escape has the same meaning.
const jsonType = /json|^\s*(?:importmap|speculationrules)\s*$/i;

/**
 * Escapes text for the inside of a `<script>`: the `<` of `</script` and `<!--` becomes an escape of JavaScript and
 * JSON.
 *
 * @param type the `type` of the script
 */
export function toScriptText(text: string, type: unknown): string {
  return text.replace(typeof type === "string" && jsonType.test(type) ? /</g : endings, "\\u003c");
}

// Strings, comments and addresses, which may end where the text ends, and text that could begin a tag elsewhere.
const cssPieces =
  /"[^"\\\n]*(?:\\[\s\S][^"\\\n]*)*"?|'[^'\\\n]*(?:\\[\s\S][^'\\\n]*)*'?|url\([^"')]*|\/\*[\s\S]*?(?:\*\/|$)|<(?=[a-z/!?])/gi;

/**
 * Escapes text for the inside of a `<style>`. The result contains no tag, even if a parser reads it as HTML, as in SVG.
 * In a string the `<` becomes an escape of CSS; elsewhere a space follows it.
 */
export function toStyleSheetText(text: string): string {
  return text.replace(cssPieces, (piece) => {
    return piece === "<" ? "< " : piece.replace(/<(?=[a-z/!?])/gi, "\\3c ");
  });
}
