/** Texts of this length or longer are not cached. */
const maxKept = 256;
let lastText = "";
let lastHTML = "";

const special = /[&<>"'\r]/;

/**
 * Makes text safe to stand in HTML, as content or in a quoted attribute: escapes `& < > " '` and carriage returns, which
 * a parser would read as line feeds.
 *
 * @param text the text that a reader sees
 */
export function HTMLEncode(text: string): string {
  // The same text is often first an attribute and then a child.
  if (text === lastText) return lastHTML;
  const html = encode(text);
  if (text.length > maxKept) return html;
  lastText = text;
  lastHTML = html;
  return html;
}

function encode(text: string): string {
  // Reading a short text takes less time than starting a regular expression.
  if (text.length > 40 && !special.test(text)) return text;
  let html = "";
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 62) continue;
    let entity: string;
    switch (code) {
      case 13:
        entity = "&#13;";
        break;
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
        continue;
    }
    html += text.slice(start, index) + entity;
    start = index + 1;
  }
  return start === 0 ? text : html + text.slice(start);
}
