import type { PropType } from "./define-options.js";

/** Reads a declared prop from the text of its attribute, `null` when the element has none. */
export function readProp(type: PropType, text: string | null): unknown {
  if (type === "boolean") return text !== null && text !== "false";
  if (text === null) return undefined;
  if (type === "number") return Number(text);
  if (type === "string") return text;
  try {
    return JSON.parse(text);
  } catch (error) {
    reportError(error);
    return undefined;
  }
}
