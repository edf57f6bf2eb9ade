/** The content types of the package's own replies. */
export const jsonType = "application/json; charset=utf-8";
export const textType = "text/plain; charset=utf-8";
export const htmlType = "text/html; charset=utf-8";
export const scriptType = "text/javascript; charset=utf-8";
export const binaryType = "application/octet-stream";
export const problemType = "application/problem+json; charset=utf-8";

/** Turns a value to JSON text. Throws when it has none, as functions do. */
export function toJSONText(value: unknown): string {
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) {
    throw new TypeError(
      `A value of the type ${typeof value} cannot be sent as JSON: return an object, a list or a plain value.`,
    );
  }
  if (text === "{}" && (value instanceof Map || value instanceof Set)) {
    throw new TypeError(
      `A ${value.constructor.name} has no JSON: return an object of its entries, or a list of them.`,
    );
  }
  return text;
}
