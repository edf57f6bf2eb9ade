import { forPage } from "../for-page.js";

// For these properties, a number is not a length in pixels. A test compares this list with all properties of Chromium.
const unitless =
  /^--|^(?:-\w+-)?(?:animation(?!-r)|aspect|b(?:aseline-sh|order-im|ox-[fo])|column(?:s|-c)|f(?:ill|l(?:ex(?!-b)|ood)|ont-(?:size-|w))|grid-(?:a(?!u)|(?:row|column)(?!-g))|hyph|init|line|ma(?:sk-box|th-d)|o[pr]|read|s(?:cale|hape-i|t(?:op|roke))|tab|wid.w|z)|^-webkit-persp\w+$/;

declare const CSS: { supports(property: string, value: string): boolean };

/**
 * Tells whether a property accepts a number without a unit. The minified files ask the browser, which needs less code.
 */
function takesNumber(property: string): boolean {
  // Properties with one or two letters, such as `x` and `rx`, are lengths of SVG. Some browsers do not accept these
  // lengths without a unit.
  return forPage ? property.length > 2 && CSS.supports(property, "1") : unitless.test(property);
}

/** The CSS name of a property of a style object. */
export function toStyleName(name: string): string {
  return name.startsWith("--") ? name : name.replace(/[A-Z]|^ms|^webkit/g, "-$&").toLowerCase();
}

/**
 * The CSS of a value in a style object, the same on a server and in a page. A number becomes a length in pixels unless
 * the property takes plain numbers.
 *
 * @param name the property, as the style object or CSS names it
 * @returns an empty string if the property is left out
 */
export function toStyleValue(name: string, value: unknown): string {
  if (typeof value === "number" && value !== 0 && !takesNumber(toStyleName(name))) return `${value}px`;
  return value === null || value === undefined || typeof value === "boolean" ? "" : String(value);
}
