/** Strings with this length or more are not cached. */
const maxKept = 256;
let lastText = "";
let lastHTML = "";

const special = /[&<>"'\r]/;

/**
 * Escapes `& < > " '`, so that a string is safe as HTML content and as a quoted attribute value. Also escapes carriage
 * returns, because a parser would read them as line feeds.
 *
 * @param text the unescaped string
 */
export function HTMLEncode(text: string): string {
  // The same string is often used as an attribute and then as a child.
  if (text === lastText) return lastHTML;
  const html = encode(text);
  if (text.length > maxKept) return html;
  lastText = text;
  lastHTML = html;
  return html;
}

function encode(text: string): string {
  // For a short string, the loop below is faster than a regular expression.
  if (text.length > 40 && !special.test(text)) return text;
  let html = "";
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 62) continue;
    let entity: string;
    switch (code) {
      case 34:
        entity = "&quot;";
        break;
      case 38:
        entity = "&amp;";
        break;
      case 39:
        entity = "&#39;";
        break;
      case 60:
        entity = "&lt;";
        break;
      case 62:
        entity = "&gt;";
        break;
      default:
        // A case of its own, far from the others, would make the switch slower.
        if (code !== 13) continue;
        entity = "&#13;";
    }
    html += text.slice(start, index) + entity;
    start = index + 1;
  }
  return start === 0 ? text : html + text.slice(start);
}
