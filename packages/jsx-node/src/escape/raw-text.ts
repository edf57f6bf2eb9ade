// What would end the element, or an element around it that holds raw text too, and what would begin a comment.
const endings = /<(?=\/(?:script|style|noscript|noembed|noframes|iframe|xmp|title|textarea|template)|!--)/gi;

/** Text for the inside of a `<script>`: the `<` of `</script` and `<!--` becomes an escape of JavaScript and JSON. */
export function toScriptText(text: string): string {
  return text.replace(endings, "\\u003c");
}

/** Text for the inside of a `<style>`: `</style` and `<!--` get a backslash, which CSS skips in a string. */
export function toStyleSheetText(text: string): string {
  return text.replace(endings, "<\\");
}
