import { toStyleName, toStyleValue } from "@miqro/jsx";

const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** Tells whether a CSS value could end its declaration and begin another one, or could include the next declaration. */
function leavesDeclaration(css: string): boolean {
  if (!/[;{}[\]"'()\\]|\/\*/.test(css)) return false;
  // Comments and escape sequences could hide the end of a value. So escape sequences are allowed only in strings.
  if (/\/\*|\\["'\n\r\f]/.test(css)) return true;
  const withoutStrings = css.replace(/"[^"\n\r\f]*"|'[^'\n\r\f]*'/g, '""');
  if (withoutStrings.includes("\\")) return true;
  // A URL without quotes ends at the first closing parenthesis.
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
 * Returns the value of a `style` attribute.
 *
 * @param style a string, which is used unchanged, or an object of properties. As in a browser, a name or a value that
 *   could end its declaration is left out.
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
