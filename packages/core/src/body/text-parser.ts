import type { Middleware } from "../exchange/types.js";
import { checkOptions } from "../options/check-options.js";
import { decodeText } from "./charset.js";
import { type BodyParserOptions, bodyParserKinds, createBodyParser } from "./create-body-parser.js";

/** Reads bodies of `text/*` into `req.body` as a string. */
export function TextParser(options: BodyParserOptions = {}): Middleware {
  checkOptions<BodyParserOptions>(options, "TextParser", bodyParserKinds);
  return createBodyParser(
    "TextParser",
    options,
    "text/plain",
    ({ type }) => type.startsWith("text/"),
    (buffer, { charset }) => decodeText(buffer, charset),
  );
}
