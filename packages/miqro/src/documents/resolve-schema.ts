import type { JSONSchema } from "@miqro/parser";
import { schemasPrefix } from "./schema-collection.js";

type Schemas = Readonly<Record<string, JSONSchema>>;

/** The name in a reference, if the schema consists only of the reference. */
export function refName({ $ref }: JSONSchema): string | undefined {
  return $ref?.startsWith(schemasPrefix) === true ? $ref.slice(schemasPrefix.length) : undefined;
}

/** The schema itself, or the schema to which it refers. */
export function resolveSchema(schema: JSONSchema, schemas: Schemas): JSONSchema {
  const name = refName(schema);
  return name === undefined ? schema : (schemas[name] ?? {});
}

/** The alternatives of a schema. Other libraries also write them as `oneOf`, for unions with a discriminator. */
export function alternativesOf({ anyOf, oneOf }: JSONSchema): readonly JSONSchema[] | undefined {
  return anyOf ?? (Array.isArray(oneOf) ? (oneOf as readonly JSONSchema[]) : undefined);
}

/** The items of an array that have a schema of their own by their position. Only other libraries write them. */
export function prefixOf({ prefixItems }: JSONSchema): readonly JSONSchema[] {
  return Array.isArray(prefixItems) ? (prefixItems as readonly JSONSchema[]) : [];
}

/** The schema of all other items of an array. Returns `undefined` if there are no other items. */
export function restOf({ items = {} }: JSONSchema): JSONSchema | undefined {
  return (items as JSONSchema | false) === false ? undefined : items;
}

/** A property of an object. */
export interface Property {
  readonly name: string;
  readonly isRequired: boolean;
  readonly schema: JSONSchema;
}

/**
 * The properties of the objects that a schema describes. In alternatives, a property is required if all of them require
 * it. Returns `undefined` for a schema that does not describe an object, or whose property names are not known.
 */
export function propertiesOf(schema: JSONSchema, schemas: Schemas): Property[] | undefined {
  const resolved = resolveSchema(schema, schemas);
  const { type, properties, required = [] } = resolved;
  if (type === "object" && properties !== undefined) {
    return Object.entries(properties).map(([name, one]) => ({
      name,
      isRequired: required.includes(name),
      schema: one,
    }));
  }
  const alternatives = alternativesOf(resolved)?.map((one) => propertiesOf(one, schemas));
  if (alternatives === undefined || !alternatives.every((one) => one !== undefined)) return undefined;
  const names = new Set(alternatives.flatMap((one) => one.map(({ name }) => name)));
  return [...names].map((name) => {
    const found = alternatives.map((one) => one.find((property) => property.name === name));
    const known = found.filter((one) => one !== undefined);
    return {
      name,
      isRequired: found.every((one) => one?.isRequired === true),
      schema: joinSchemas(known.map((one) => one.schema)),
    };
  });
}

function joinSchemas(schemas: readonly JSONSchema[]): JSONSchema {
  const different = new Map(schemas.map((schema) => [JSON.stringify(schema), schema]));
  const [first = {}, ...others] = different.values();
  return others.length === 0 ? first : { anyOf: [...different.values()] };
}
