import { PayloadTooLargeError, withoutStack } from "../errors.js";
import { toQuery } from "../exchange/query.js";
import type { Middleware } from "../exchange/types.js";
import { checkOptions } from "../options/check-options.js";
import { decodeText } from "./charset.js";
import { type BodyParserOptions, bodyParserKinds, createBodyParser } from "./create-body-parser.js";

const fieldLimit = 1000;

/** Reads forms (`application/x-www-form-urlencoded`) into `req.body`; a repeated field gives a list. At most 1000 fields. */
export function URLEncodedParser(options: BodyParserOptions = {}): Middleware {
  checkOptions<BodyParserOptions>(options, "URLEncodedParser", bodyParserKinds);
  return createBodyParser(
    "URLEncodedParser",
    options,
    "application/x-www-form-urlencoded",
    ({ type }) => type === "application/x-www-form-urlencoded",
    (buffer, { charset }) => {
      const pairs = new URLSearchParams(decodeText(buffer, charset));
      if (pairs.size > fieldLimit)
        throw withoutStack(() => new PayloadTooLargeError(`A form has at most ${fieldLimit} fields.`));
      return toQuery(pairs);
    },
  );
}
