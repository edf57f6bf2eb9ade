// The properties whose numbers are no lengths, by how their names begin.
const unitless =
  /^(?:--|animation|aspect|borderIm|column(?:C|s$)|fill|fl(?!exB)|fontW|grid(?!.*G)|line|o(?:p|r)|scale|st|tab|wid.w|z)/;

/** The name that a property of a style object has in CSS. */
export function toStyleName(name: string): string {
  return name.startsWith("--") ? name : name.replace(/[A-Z]|^ms/g, "-$&").toLowerCase();
}

/**
 * The CSS of a value of a style object: a number is a length in pixels where the property takes lengths.
 *
 * @param name the property, as the style object names it
 * @returns an empty text where the value says to leave the property out
 */
export function toStyleValue(name: string, value: unknown): string {
  if (typeof value === "number" && value !== 0 && !unitless.test(name)) return `${value}px`;
  return value === null || value === undefined || typeof value === "boolean" ? "" : String(value);
}
