import { ParserError } from "../errors.js";
import type { StandardJSONSchema } from "../schema/standard-schema.js";
import type { JSONSchema, JSONSchemaDirection } from "./json-schema.js";

const dialect = "https://json-schema.org/draft/2020-12/schema";

/** Makes the `jsonSchema` property of `~standard`, for both directions. It supports one dialect, 2020-12. */
export function createStandardJSONSchema(
  write: (direction: JSONSchemaDirection) => JSONSchema,
): StandardJSONSchema {
  function convert(target: string, direction: JSONSchemaDirection): Record<string, unknown> {
    if (target !== "draft-2020-12") {
      throw new ParserError(
        "PARSER_INVALID_OPTION",
        `The JSON Schema target ${JSON.stringify(target)} cannot be written. Use "draft-2020-12".`,
      );
    }
    return { $schema: dialect, ...write(direction) };
  }
  return Object.freeze({
    input: ({ target }: { readonly target: string }) => convert(target, "input"),
    output: ({ target }: { readonly target: string }) => convert(target, "output"),
  });
}
