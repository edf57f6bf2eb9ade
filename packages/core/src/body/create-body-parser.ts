import { kContext } from "../exchange/internal.js";
import type { ServedRequest } from "../exchange/served.js";
import type { Middleware } from "../exchange/types.js";
import { kinds, type OptionKinds } from "../options/kinds.js";
import { parseSize } from "../options/size.js";
import { markBodyParser } from "./body-parser-mark.js";
import { type MediaType, parseMediaType } from "./media-type.js";
import { hasBody, readBody } from "./read-body.js";

/** The options that all body parsers take. */
export interface BodyParserOptions {
  /**
   * The largest body: bytes, or a size such as `"1mb"`. Default `BODY_PARSER_LIMIT` of the environment, else the app's
   * `bodyLimit`.
   */
  readonly limit?: number | string;
  /** The media types to read, instead of the parser's own media types. */
  readonly type?: string | readonly string[];
}

/** The kinds of the options that all body parsers take. */
export const bodyParserKinds: OptionKinds<BodyParserOptions> = { limit: kinds.size, type: kinds.texts };

/**
 * Makes a body parser. It ignores requests without a body, with another media type, or with a body that was already
 * read.
 *
 * @param name The name of the function that users call.
 * @param usual The media type that the parser reads if the options name none.
 */
export function createBodyParser(
  name: string,
  options: BodyParserOptions,
  usual: string,
  fits: (media: MediaType) => boolean,
  parse: (buffer: Buffer, media: MediaType) => unknown,
): Middleware {
  const given = options.limit ?? (process.env.BODY_PARSER_LIMIT || undefined);
  const limit = given === undefined ? undefined : parseSize(given, `The limit of ${name}`);
  const types =
    options.type === undefined ? undefined : [options.type].flat().map((type) => type.toLowerCase());
  const parser: Middleware = (open) => {
    const req = open as unknown as ServedRequest;
    if (req.body !== undefined || !hasBody(req)) return undefined;
    const media = parseMediaType(req.headers["content-type"]);
    if (media === undefined || !(types === undefined ? fits(media) : types.includes(media.type)))
      return undefined;
    return readBody(req, limit ?? req[kContext]?.bodyLimit ?? 0, (buffer) => {
      // An empty body in chunks is no body, like a length of 0: the same request may come in both forms.
      if (buffer.length > 0) req.body = parse(buffer, media);
    });
  };
  return markBodyParser(parser, types ?? [usual]);
}
