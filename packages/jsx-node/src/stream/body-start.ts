// The nodes that a parser accepts before the body: white space, comments, the head, and elements that belong in a head.
const pieces =
  /[\t\n\f\r ]+|<!--[\s\S]*?-->|<!doctype[^>]*>|<html(?:\s[^>]*)?>|<head(?:\s[^>]*)?>[\s\S]*?<\/head>|<(?:base|basefont|bgsound|link|meta)(?:\s[^>]*)?>|<(title|style|script|noscript|noframes|template)(?:\s[^>]*)?>[\s\S]*?<\/\1>/giy;

/**
 * Tells whether a parser that has read the start of a page has neither begun its body nor opened a `<head>`. Such a
 * parser would put a template or an instruction in another place than the fallback after it.
 */
export function isBeforeBody(html: string): boolean {
  pieces.lastIndex = 0;
  for (;;) {
    const { lastIndex } = pieces;
    if (lastIndex === html.length) return true;
    if (!pieces.test(html)) return false;
    // The pattern cannot match the empty text, so the loop ends.
    if (pieces.lastIndex === lastIndex) return false;
  }
}
