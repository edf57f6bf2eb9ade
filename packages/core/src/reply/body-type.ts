import type { ReadableStream as NodeReadableStream } from "node:stream/web";

/** The content types of the package's own replies. */
export const jsonType = "application/json; charset=utf-8";
export const textType = "text/plain; charset=utf-8";
export const htmlType = "text/html; charset=utf-8";
export const scriptType = "text/javascript; charset=utf-8";
export const binaryType = "application/octet-stream";
export const problemType = "application/problem+json; charset=utf-8";

/** Turns a value into JSON text. Throws for a value without JSON, such as a function. */
export function toJSONText(value: unknown): string {
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) {
    throw new TypeError(
      `A value of the type ${typeof value} cannot be sent as JSON: return an object, an array or a plain value.`,
    );
  }
  if (text === "{}") refuseHidden(value);
  return text;
}

/** Refuses values of classes whose content JSON cannot see, such as a promise: an empty object would hide a mistake. */
function refuseHidden(value: unknown): void {
  const name = Object.prototype.toString.call(value).slice(8, -1);
  if (name === "Object" || name === "Module") return;
  const fix =
    name === "Promise"
      ? "await it first"
      : name === "Error"
        ? "throw it, or send an object with what the client may know"
        : "send an object of its entries, or an array of them";
  throw new TypeError(`The JSON of a value of the class ${name} would be empty: ${fix}.`);
}

/** Whether a value is a web `Response`. */
export function isWebResponse(value: unknown): value is globalThis.Response {
  return hasTag(value, "Response") && value instanceof globalThis.Response;
}

// The tag is checked first. Naming a web class would load its whole implementation, and most servers never need it.
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
