import type { Middleware } from "../http/types.js";
import { decodeText } from "./charset.js";
import { type BodyParserOptions, createBodyParser } from "./create-body-parser.js";

/** Reads bodies of `text/*` into `req.body` as a string. */
export function TextParser(options: BodyParserOptions = {}): Middleware {
  return createBodyParser(
    options,
    ({ type }) => type.startsWith("text/"),
    (buffer, { charset }) => decodeText(buffer, charset),
  );
}
