import type { Middleware } from "../exchange/types.js";
import { checkOptions } from "../options/check-options.js";
import { either, kinds, no } from "../options/kinds.js";
import { markBodyParser, mediaTypesOf } from "./body-parser-mark.js";
import type { BodyParserOptions } from "./create-body-parser.js";
import { JSONParser } from "./json-parser.js";
import { MultipartParser } from "./multipart-parser.js";
import type { MultipartOptions } from "./multipart-types.js";
import { TextParser } from "./text-parser.js";
import { URLEncodedParser } from "./url-encoded-parser.js";

/** The options of {@link BodyParser}. */
export interface AnyBodyOptions extends Pick<BodyParserOptions, "limit"> {
  /** The options for forms with files. `false` leaves such forms alone. */
  readonly multipart?: MultipartOptions | false;
}

/** Reads JSON, forms, text and forms with files into `req.body`, each by its content type. */
export function BodyParser(options: AnyBodyOptions = {}): Middleware {
  checkOptions<AnyBodyOptions & { readonly type: unknown }>(
    options,
    "BodyParser",
    { limit: kinds.size, multipart: either(kinds.object, no), type: kinds.any },
    (faults) => {
      if ("type" in options)
        faults.add(
          "type",
          "BodyParser has no `type`: use the parser of that media type, such as JSONParser.",
        );
      const { multipart } = options;
      if (multipart !== false) faults.attempt("multipart", () => MultipartParser(multipart));
    },
  );
  const { multipart, ...shared } = options;
  const parsers = [JSONParser(shared), URLEncodedParser(shared), TextParser(shared)];
  if (multipart !== false) parsers.push(MultipartParser(multipart));
  const bodyParser: Middleware = (req, res) => {
    for (const parser of parsers) {
      const reading = parser(req, res);
      if (reading !== undefined) return reading;
    }
    return undefined;
  };
  return markBodyParser(
    bodyParser,
    parsers.flatMap((parser) => mediaTypesOf(parser) ?? []),
  );
}
