// Matches the nodes that may come before the body: white space, comments, the head, and elements of a head.
const pieces =
  /[\t\n\f\r ]+|<!--[\s\S]*?-->|<!doctype[^>]*>|<html(?:\s[^>]*)?>|<head(?:\s[^>]*)?>[\s\S]*?<\/head>|<(?:base|basefont|bgsound|link|meta)(?:\s[^>]*)?>|<(title|style|script|noscript|noframes|template)(?:\s[^>]*)?>[\s\S]*?<\/\1>/giy;

/**
 * Tells whether, after the start of a page, a parser has neither begun the body nor opened a `<head>`. Such a parser
 * would put a template into the head, but the fallback after it into the body.
 */
export function isBeforeBody(html: string): boolean {
  pieces.lastIndex = 0;
  for (;;) {
    const { lastIndex } = pieces;
    if (lastIndex === html.length) return true;
    if (!pieces.test(html)) return false;
    // The pattern cannot match an empty string, so the loop ends.
    if (pieces.lastIndex === lastIndex) return false;
  }
}
