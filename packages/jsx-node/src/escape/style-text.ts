import { toStyleName, toStyleValue } from "@miqro/jsx";

/** Tells whether a value would end its declaration, and so could begin another. */
function leavesDeclaration(css: string): boolean {
  if (!/[;{}"'()\\]|\/\*/.test(css)) return false;
  // Strings and parentheses may hold anything; escapes and comments could hide where they end.
  const rest = css.replace(/"[^"\n\r\f]*"|'[^'\n\r\f]*'|\([^()]*\)/g, "");
  return /[;{}"'()]/.test(rest) || /\\["'()]|\/\*/.test(css);
}

/**
 * The text of a `style` attribute.
 *
 * @param style text, which is taken as it is, or an object of properties; a name or value that could reach beyond
 * its declaration is left out, as a browser does
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
