// What a parser keeps before the body: white space, comments, the head, and elements that belong into one.
const pieces =
  /[\t\n\f\r ]+|<!--[\s\S]*?-->|<!doctype[^>]*>|<html(?:\s[^>]*)?>|<head(?:\s[^>]*)?>[\s\S]*?<\/head>|<(?:base|basefont|bgsound|link|meta)(?:\s[^>]*)?>|<(title|style|script|noscript|noframes|template)(?:\s[^>]*)?>[\s\S]*?<\/\1>/giy;

/**
 * Tells whether a parser that has read the beginning of a page has not begun its body, and has no `<head>` open: it
 * would put a template or an instruction elsewhere than the fallback that follows it.
 */
export function isBeforeBody(html: string): boolean {
  pieces.lastIndex = 0;
  for (;;) {
    const { lastIndex } = pieces;
    if (lastIndex === html.length) return true;
    if (!pieces.test(html)) return false;
    // Nothing is matched by no text, so that this ends.
    if (pieces.lastIndex === lastIndex) return false;
  }
}
