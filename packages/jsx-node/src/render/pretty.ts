// Block elements. White space before and after them has no meaning.
const blocks =
  /^(?:address|article|aside|base|blockquote|body|caption|col|colgroup|dd|details|dialog|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|head|header|hgroup|hr|html|legend|li|link|main|menu|meta|nav|noscript|ol|optgroup|option|p|pre|script|search|section|style|summary|table|tbody|td|template|tfoot|th|thead|title|tr|ul)$/;
const empty = /^(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)$/;
// Splits HTML into pieces. White space inside of pre, script, style and textarea is content, so each of these elements
// is one piece.
const pieces = /<(pre|script|style|textarea)\b[^>]*>[\s\S]*?<\/\1>|<!--[\s\S]*?-->|<[^>]+>|[^<]+/gi;

/** Formats HTML of `renderToString`: one line for each block, indented by two spaces for each outer block. */
export function toPrettyHTML(html: string): string {
  const lines: string[] = [];
  let line = "";
  let depth = 0;
  const end = () => {
    if (line !== "") lines.push("  ".repeat(depth) + line);
    line = "";
  };
  for (const [piece, whole] of html.matchAll(pieces)) {
    const [, closes, tag = ""] = /^<(\/?)([a-z][^\s>/]*)/i.exec(piece) ?? [];
    if (!blocks.test(tag.toLowerCase())) {
      line += piece;
    } else if (whole !== undefined || empty.test(tag)) {
      end();
      line = piece;
      end();
    } else if (closes === "") {
      end();
      line = piece;
      end();
      depth++;
    } else {
      end();
      depth--;
      const opening = `${"  ".repeat(depth)}<${tag}`;
      const last = lines.at(-1) ?? "";
      const before = lines.at(-2) ?? "";
      // An element whose content has at most one line is written in one line.
      if (last.startsWith(opening) && !last.includes("</")) lines.push((lines.pop() ?? "") + piece);
      else if (before.startsWith(opening) && !before.includes("</") && !blocks.test(tagOf(last))) {
        lines.splice(-2, 2, before + last.trimStart() + piece);
      } else {
        line = piece;
        end();
      }
    }
  }
  end();
  return lines.join("\n");
}

function tagOf(line: string): string {
  return /^\s*<\/?([a-z][^\s>/]*)/i.exec(line)?.[1]?.toLowerCase() ?? "";
}
