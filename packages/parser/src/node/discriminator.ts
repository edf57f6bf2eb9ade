import { quoteValue } from "../issue/words.js";
import { describeValues } from "./describe-node.js";
import { schemaError } from "./schema-error.js";
import type { Discriminator, SchemaNode, ValuesNode } from "./schema-node.js";

/**
 * The property that selects the alternative of a union, or undefined if the schema has no `discriminator`.
 * @throws SchemaError if an alternative lacks the property, or two alternatives have the same value
 */
export function readDiscriminator(
  key: unknown,
  alternatives: readonly SchemaNode[],
  path: readonly string[],
): Discriminator | undefined {
  if (key === undefined) return undefined;
  if (typeof key !== "string") throw schemaError('has a "discriminator" that is not a string.', path);
  const indexes = new Map<unknown, number>();
  for (const [index, alternative] of alternatives.entries()) {
    const place = [...path, "anyOf", String(index)];
    const node = findValues(alternative, key);
    if (node === undefined) {
      throw schemaError(
        `must be an object with "${key}" as a literal or an enum, because this is the "discriminator" of its union.`,
        place,
      );
    }
    for (const value of [...node.values, ...(node.texts?.keys() ?? [])]) {
      if (indexes.has(value)) {
        throw schemaError(
          `has ${quoteValue(value)} for "${key}", but another alternative of the union has the same value.`,
          place,
        );
      }
      indexes.set(value, index);
    }
  }
  const values = alternatives.flatMap((alternative) => findValues(alternative, key)?.values ?? []);
  return { key, indexes, expected: describeValues(values) };
}

function findValues(alternative: SchemaNode, key: string): ValuesNode | undefined {
  if (alternative.kind !== "object" || alternative.nullable) return undefined;
  const node = alternative.properties.find((property) => property.key === key)?.node;
  if (node?.kind !== "values" || node.optional || node.nullable || node.fallback !== undefined) {
    return undefined;
  }
  return node;
}
