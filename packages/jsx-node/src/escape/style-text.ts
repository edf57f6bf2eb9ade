import { toStyleName, toStyleValue } from "@miqro/jsx";

const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** Tells whether a value would end its declaration, and so could begin another declaration or swallow the next one. */
function leavesDeclaration(css: string): boolean {
  if (!/[;{}[\]"'()\\]|\/\*/.test(css)) return false;
  // Comments and escapes could hide the end of a value. Only strings need escapes, for characters.
  if (/\/\*|\\["'\n\r\f]/.test(css)) return true;
  const withoutStrings = css.replace(/"[^"\n\r\f]*"|'[^'\n\r\f]*'/g, '""');
  if (withoutStrings.includes("\\")) return true;
  // An address without quotes ends at the first parenthesis, whatever it contains.
  const rest = withoutStrings.replace(/url\(\s*(?:""|[^\s"'()]*)\s*\)/gi, " ").replaceAll('""', " ");
  if (/["']|url\(/i.test(rest)) return true;
  const open: (string | undefined)[] = [];
  for (const [character] of rest.matchAll(/[;{}[\]()]/g)) {
    if (character in closing) open.push(closing[character]);
    else if (character === ";" ? open.length === 0 : open.pop() !== character) return true;
  }
  return open.length > 0;
}

/**
 * The text of a `style` attribute.
 *
 * @param style a string, which is used as it is, or an object of properties. A name or value that could reach beyond
 *   its declaration is left out, as in a browser.
 */
export function toStyleText(style: unknown): string {
  if (typeof style === "string") return style;
  if (typeof style !== "object" || style === null) return "";
  let text = "";
  for (const [name, value] of Object.entries(style)) {
    const property = toStyleName(name);
    const css = toStyleValue(name, value);
    if (css === "" || !/^[\w-]+$/.test(property) || leavesDeclaration(css)) continue;
    text += `${text === "" ? "" : ";"}${property}:${css}`;
  }
  return text;
}
