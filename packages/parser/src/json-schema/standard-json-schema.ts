import { ParserError } from "../errors.js";
import type { StandardJSONSchema } from "../schema/standard-schema.js";
import type { JSONSchema } from "./json-schema.js";

const dialect = "https://json-schema.org/draft/2020-12/schema";

/** What `~standard` says of JSON Schema: the one dialect that is written, the same for input and output. */
export function createStandardJSONSchema(write: () => JSONSchema): StandardJSONSchema {
  function convert({ target }: { readonly target: string }): Record<string, unknown> {
    if (target !== "draft-2020-12") {
      throw new ParserError(
        "PARSER_INVALID_OPTION",
        `The JSON Schema target ${JSON.stringify(target)} cannot be written. Use "draft-2020-12".`,
      );
    }
    return { $schema: dialect, ...write() };
  }
  return Object.freeze({ input: convert, output: convert });
}
