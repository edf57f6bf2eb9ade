import { BadRequestError, withoutStack } from "../errors.js";
import type { Middleware } from "../exchange/types.js";
import { checkOptions } from "../options/check-options.js";
import { kinds } from "../options/kinds.js";
import { decodeText } from "./charset.js";
import { type BodyParserOptions, bodyParserKinds, createBodyParser } from "./create-body-parser.js";

/** How {@link JSONParser} reads. */
export interface JSONParserOptions extends BodyParserOptions {
  /** Whether only objects and lists are accepted. Default false. */
  readonly strict?: boolean;
}

// More than any document has, and less than breaks what walks through one recursively.
const deepest = 512;

/**
 * Reads bodies of `application/json` and `application/*+json` into `req.body`. Broken JSON answers 400, and so does
 * what is nested more than 512 deep. Of a key that is there twice, the last value counts.
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
        throw withoutStack(() => new BadRequestError(`The body is nested more than ${deepest} deep.`));
      }
      const value = parseJSON(decodeText(buffer, charset));
      if (strict && (typeof value !== "object" || value === null)) {
        throw withoutStack(() => new BadRequestError("The body is neither a JSON object nor an array."));
      }
      return value;
    },
  );
}

/** Parses JSON, without the keys that could change a prototype. What is no JSON is a 400. */
export function parseJSON(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw withoutStack(() => new BadRequestError("The body is not valid JSON.", { cause: error }));
  }
  // An escape such as \u005f can spell the names too. Where none of these is in the text, there is nothing to drop.
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
