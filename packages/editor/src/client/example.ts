import type { RequestPart } from "../agent/service-info.js";

interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly allOf?: readonly SchemaNode[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly format?: string;
  readonly minimum?: number;
  readonly minLength?: number;
}

/** An input field of a form. */
export interface Field {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly value: string;
}

/** Returns the input fields for a part of a request, from the properties of its schema. */
export function fieldsOf(part: RequestPart | undefined): Field[] {
  const { properties = {}, required = [] } = (part ?? {}) as SchemaNode;
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    type: typeOf(schema),
    required: required.includes(name),
    value: schema.default === undefined || schema.default === null ? "" : String(schema.default),
  }));
}

/** Returns an example body that fits a schema, as far as possible. */
export function exampleOf(part: RequestPart | undefined): string {
  return part === undefined || part === null
    ? ""
    : JSON.stringify(toExample(part as SchemaNode), undefined, 2);
}

function toExample(schema: SchemaNode): unknown {
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const inner = schema.anyOf?.[0] ?? schema.allOf?.[0];
  if (inner !== undefined) return toExample(inner);
  switch ([schema.type].flat()[0]) {
    case "object":
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(([name]) => schema.required?.includes(name) === true)
          .map(([name, property]) => [name, toExample(property)]),
      );
    case "array":
      return schema.items === undefined ? [] : [toExample(schema.items)];
    case "integer":
    case "number":
      return schema.minimum ?? 0;
    case "boolean":
      return false;
    case "null":
      return null;
    case "string":
      return texts[schema.format ?? ""] ?? "x".repeat(schema.minLength ?? 0);
    default:
      return {};
  }
}

const texts: Readonly<Record<string, string>> = {
  email: "someone@example.org",
  "date-time": "2026-01-01T00:00:00Z",
  date: "2026-01-01",
  uri: "https://example.org",
  uuid: "00000000-0000-4000-8000-000000000000",
};

function typeOf(schema: SchemaNode): string {
  if (schema.enum !== undefined) return schema.enum.map(String).join(" or ");
  return [schema.type ?? "any"].flat().join(" or ");
}
