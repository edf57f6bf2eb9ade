import type { JSONSchema } from "@miqro/parser";
import { refName } from "../resolve-schema.js";

/** Writes a JSON Schema as a TypeScript type. A shared schema becomes a member of `Schemas`. */
export function toTypeText(schema: JSONSchema): string {
  const name = refName(schema);
  if (name !== undefined) return `Schemas[${JSON.stringify(name)}]`;
  const { type, enum: values, anyOf, allOf } = schema;
  if ("const" in schema) return JSON.stringify(schema.const) ?? "unknown";
  if (values !== undefined) return union(values.map((value) => JSON.stringify(value)));
  if (anyOf !== undefined) return union(anyOf.map(toTypeText));
  if (allOf !== undefined && type === undefined) {
    // A keyword without a type, such as a pattern, cannot be written as a TypeScript type.
    const parts = allOf.map(toTypeText).filter((part) => part !== "unknown");
    return parts.length === 0 ? "unknown" : parts.map(wrap).join(" & ");
  }
  if (type === undefined) return isNever(schema) ? "never" : "unknown";
  return union([type].flat().map((one) => kindText(one, schema)));
}

/** Writes an object type. */
export function objectText(
  properties: readonly { readonly name: string; readonly isRequired: boolean; readonly text: string }[],
): string {
  const members = properties.map(
    ({ name, isRequired, text }) =>
      `${keyText(name)}${isRequired ? "" : "?"}: ${text}${isRequired ? "" : " | undefined"}`,
  );
  return `{ ${members.join("; ")} }`;
}

/** A key of an object or of an object type. */
export function keyText(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

function kindText(type: string, schema: JSONSchema): string {
  switch (type) {
    case "string":
    case "boolean":
    case "null":
      return type;
    case "integer":
    case "number":
      return "number";
    case "array":
      return `${wrap(schema.items === undefined ? "unknown" : toTypeText(schema.items))}[]`;
    case "object":
      return writeObject(schema);
    default:
      return "unknown";
  }
}

function writeObject({ properties, required = [], additionalProperties }: JSONSchema): string {
  if (properties === undefined) {
    if (typeof additionalProperties === "object")
      return `{ [key: string]: ${toTypeText(additionalProperties)} }`;
    return additionalProperties === false ? "{ [key: string]: never }" : "{ [key: string]: unknown }";
  }
  const known = Object.entries(properties).map(([name, schema]) => ({
    name,
    isRequired: required.includes(name),
    text: toTypeText(schema),
  }));
  return objectText(known);
}

function isNever({ not }: JSONSchema): boolean {
  return not !== undefined && Object.keys(not).length === 0;
}

function union(texts: readonly string[]): string {
  const different = [...new Set(texts)];
  if (different.includes("unknown")) return "unknown";
  return different.length === 0 ? "never" : different.join(" | ");
}

function wrap(text: string): string {
  return /[|&]/.test(text) ? `(${text})` : text;
}
