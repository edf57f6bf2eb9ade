/** The length from which on a text is not kept. */
const maxKept = 256;
let lastText = "";
let lastHTML = "";

const special = /[&<>"']/;

/**
 * Makes text safe to stand in HTML, as content or in a quoted attribute: escapes `& < > " '`.
 *
 * @param text what a reader is to see
 */
export function HTMLEncode(text: string): string {
  // The same text is often an attribute, and then a child.
  if (text === lastText) return lastHTML;
  const html = encode(text);
  if (text.length > maxKept) return html;
  lastText = text;
  lastHTML = html;
  return html;
}

function encode(text: string): string {
  // Short text is read faster than a regular expression starts.
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
        continue;
    }
    html += text.slice(start, index) + entity;
    start = index + 1;
  }
  return start === 0 ? text : html + text.slice(start);
}
