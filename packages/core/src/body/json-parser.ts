import { BadRequestError, withoutStack } from "../errors.js";
import type { Middleware } from "../exchange/types.js";
import { checkOptions } from "../options/check-options.js";
import { kinds } from "../options/kinds.js";
import { decodeText } from "./charset.js";
import { type BodyParserOptions, bodyParserKinds, createBodyParser } from "./create-body-parser.js";

/** The options of {@link JSONParser}. */
export interface JSONParserOptions extends BodyParserOptions {
  /** Whether only objects and arrays are accepted. Default false. */
  readonly strict?: boolean;
}

// No real document is deeper, and code that walks through a value recursively still works at this depth.
const deepest = 512;

/**
 * Reads bodies of `application/json` and `application/*+json` into `req.body`. Broken JSON answers 400, and so does
 * JSON that is nested more than 512 levels deep. If a key occurs twice, the last value counts.
 */
export function JSONParser(options: JSONParserOptions = {}): Middleware {
  checkOptions<JSONParserOptions>(options, "JSONParser", {
    ...bodyParserKinds,
    strict: kinds.flag,
  });
  const { strict = false } = options;
  return createBodyParser(
    "JSONParser",
    options,
    "application/json",
    ({ type }) => type === "application/json" || (type.startsWith("application/") && type.endsWith("+json")),
    (buffer, { charset }) => {
      if (buffer.length > deepest && isTooDeep(buffer)) {
        throw withoutStack(() => new BadRequestError(`The body is nested more than ${deepest} levels deep.`));
      }
      const value = parseJSON(decodeText(buffer, charset));
      if (strict && (typeof value !== "object" || value === null)) {
        throw withoutStack(() => new BadRequestError("The body is neither a JSON object nor an array."));
      }
      return value;
    },
  );
}

/** Parses JSON, and drops keys that could change a prototype. Text that is not JSON is a 400. */
export function parseJSON(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw withoutStack(() => new BadRequestError("The body is not valid JSON.", { cause: error }));
  }
  // An escape such as \u005f can also spell these names. If none of these strings is in the text, nothing has to be
  // dropped.
  if (text.includes("__proto__") || text.includes("constructor") || text.includes("\\u"))
    dropPrototypeKeys(value);
  return value;
}

function isTooDeep(buffer: Buffer): boolean {
  let depth = 0;
  let inText = false;
  for (let index = 0; index < buffer.length; index++) {
    const byte = buffer[index];
    if (inText) {
      if (byte === 92) index++;
      else if (byte === 34) inText = false;
    } else if (byte === 34) {
      inText = true;
    } else if (byte === 91 || byte === 123) {
      if (++depth > deepest) return true;
    } else if (byte === 93 || byte === 125) {
      depth--;
    }
  }
  return false;
}

/** Deletes own keys `__proto__`, and `constructor` if it holds a `prototype`, at every depth. */
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
