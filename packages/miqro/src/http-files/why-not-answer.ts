import { isElement } from "../composition/page-renderer.js";
import { messageOf } from "../errors.js";

/** The reason why a value that is neither a function nor a plain object cannot be a route. */
export function whyNotRoute(value: unknown): string {
  if (isElement(value)) return "it exports an element, which is a page. Rename it to end in .html.tsx.";
  return `its default export is ${describeValue(value)}, which answers no request. Export a function (req, res) => ..., or defineRoute({ handler: ... }).`;
}

/** The reason why a value has no JSON, or JSON that nobody can mean. */
export function whyNotJSONFile(value: unknown): string | undefined {
  if (isElement(value)) return "it exports an element, which is a page. Rename it to end in .html.tsx.";
  if (typeof Object(value).handler === "function") {
    return "it exports a declaration, but a .json file exports a value, or a function that returns a value. Rename it to end in .api.ts.";
  }
  return whyNotJSON(value);
}

/** The reason why a value cannot be sent as JSON. */
function whyNotJSON(value: unknown): string | undefined {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    return `its default export cannot be sent as JSON: ${messageOf(error).split("\n")[0]}. Export a value of strings, numbers, arrays and plain objects.`;
  }
  if (text === undefined) {
    return `its default export is ${value === undefined ? "a promise of undefined" : `a ${typeof value}`}, which cannot be sent as JSON. Export an object, an array or a plain value.`;
  }
  const name = classOf(value);
  if (text === "{}" && name !== "Object") {
    return `its default export is of the class ${name}, whose JSON would be empty. Export an object or an array of its content.`;
  }
  return undefined;
}

/** The reason why a value that is no function cannot be a page. */
export function whyNotPage(value: unknown): string | undefined {
  // A string is HTML. Bytes and replies are sent unchanged.
  const isSent = typeof value === "string" || value instanceof Uint8Array || classOf(value) === "Reply";
  if (isSent || isElement(value)) return undefined;
  return `its default export is ${describeValue(value)}, which is not a page. Export an element, or a function (req, res) => <html>...</html>.`;
}

function describeValue(value: unknown): string {
  if (value === undefined) return "a promise of undefined";
  if (["string", "symbol", "bigint"].includes(typeof value)) return `a ${typeof value}`;
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return "an array";
  const name = classOf(value);
  return name === "Object" ? "an object" : `a value of the class ${name}`;
}

/** The name of the class of an object. An object without a prototype, and a module, count as plain. */
function classOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return "Object";
  return Object.getPrototypeOf(value)?.constructor?.name ?? "Object";
}
