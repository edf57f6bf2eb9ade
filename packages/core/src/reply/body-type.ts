import type { ReadableStream as NodeReadableStream } from "node:stream/web";

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
      `A value of the type ${typeof value} cannot be sent as JSON: return an object, an array or a plain value.`,
    );
  }
  if (text === "{}" && (value instanceof Map || value instanceof Set)) {
    throw new TypeError(
      `A ${value.constructor.name} has no JSON: return an object of its entries, or an array of them.`,
    );
  }
  return text;
}

/** Whether a value is a web `Response`. */
export function isWebResponse(value: unknown): value is globalThis.Response {
  return hasTag(value, "Response") && value instanceof globalThis.Response;
}

// By the tag first: to name a web class loads its whole implementation, which most servers never need.
function hasTag(value: unknown, tag: string): boolean {
  return typeof value === "object" && value !== null && (value as Tagged)[Symbol.toStringTag] === tag;
}

interface Tagged {
  readonly [Symbol.toStringTag]?: unknown;
}

/** Whether a value is a `Blob`, or a `File`. */
export function isBlob(value: unknown): value is Blob {
  return (hasTag(value, "Blob") || hasTag(value, "File")) && value instanceof Blob;
}

/** Whether a value is a web `ReadableStream`. */
export function isWebStream(value: unknown): value is NodeReadableStream {
  return hasTag(value, "ReadableStream") && value instanceof globalThis.ReadableStream;
}
