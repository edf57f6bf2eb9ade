import { BadRequestError } from "../errors.js";
import type { Middleware } from "../http/types.js";
import { decodeText } from "./charset.js";
import { type BodyParserOptions, createBodyParser } from "./create-body-parser.js";

/** Reads bodies of `application/json` and `application/*+json` into `req.body`. Broken JSON answers 400. */
export function JSONParser(options: BodyParserOptions = {}): Middleware {
  return createBodyParser(
    options,
    ({ type }) => type === "application/json" || (type.startsWith("application/") && type.endsWith("+json")),
    (buffer, { charset }) => parseJSON(decodeText(buffer, charset)),
  );
}

function parseJSON(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BadRequestError("The body is not valid JSON.", { cause: error });
  }
  // An escape such as \u005f can spell the names too. Where none of these is in the text, there is nothing to drop.
  if (text.includes("__proto__") || text.includes("constructor") || text.includes("\\u"))
    dropPrototypeKeys(value);
  return value;
}

/** Deletes own keys `__proto__`, and `constructor` where it holds a `prototype`, at every depth. */
export function dropPrototypeKeys(root: unknown): void {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== "object" || value === null) continue;
    if (!Array.isArray(value)) {
      const record = value as Record<string, unknown>;
      if (Object.hasOwn(record, "__proto__")) Reflect.deleteProperty(record, "__proto__");
      if (Object.hasOwn(record, "constructor")) {
        const held = record.constructor as unknown;
        if (typeof held === "object" && held !== null && Object.hasOwn(held, "prototype")) {
          Reflect.deleteProperty(record, "constructor");
        }
      }
    }
    for (const inner of Object.values(value)) open.push(inner);
  }
}
