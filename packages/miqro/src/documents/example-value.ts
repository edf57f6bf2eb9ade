import type { JSONSchema } from "@miqro/parser";
import { alternativesOf, prefixOf, refName, resolveSchema, restOf } from "./resolve-schema.js";

const formats: Readonly<Record<string, string>> = {
  date: "2024-05-31",
  "date-time": "2024-05-31T12:00:00Z",
  email: "ann@example.com",
  uri: "https://example.com",
  uuid: "123e4567-e89b-42d3-a456-426614174000",
};

/** An example value. It has the shape of the schema, but it may not match its patterns. */
export function exampleValue(
  schema: JSONSchema,
  schemas: Readonly<Record<string, JSONSchema>>,
  above: readonly string[] = [],
): unknown {
  const name = refName(schema);
  // A recursive schema would never end.
  if (name !== undefined && above.includes(name)) return undefined;
  const inner = name === undefined ? above : [...above, name];
  const given = resolveSchema(schema, schemas);
  const { properties, allOf, format, minimum = 0, maximum = Number.POSITIVE_INFINITY } = given;
  if (given.default !== undefined) return given.default;
  if ("const" in given) return given.const;
  if (given.enum !== undefined) return given.enum[0];
  const [part] = [...(alternativesOf(given) ?? []), ...(allOf ?? [])];
  if (given.type === undefined && part !== undefined) return exampleValue(part, schemas, inner);
  switch ([given.type].flat()[0]) {
    case "object":
      return Object.fromEntries(
        Object.entries(properties ?? {})
          .map(([key, one]) => [key, exampleValue(one, schemas, inner)])
          .filter(([, value]) => value !== undefined),
      );
    case "array": {
      const prefix = prefixOf(given);
      const { items } = given;
      const examples = prefix.map((one) => exampleValue(one, schemas, inner) ?? null);
      const item = items === undefined || prefix.length > 0 ? undefined : restOf(given);
      const example = item === undefined ? undefined : exampleValue(item, schemas, inner);
      return example === undefined ? examples : [example];
    }
    case "string":
      return formats[format ?? ""] ?? "text".padEnd(given.minLength ?? 0, " text").slice(0, given.maxLength);
    case "integer":
    case "number":
      return Math.min(Math.max(minimum, 0), maximum);
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return "";
  }
}
