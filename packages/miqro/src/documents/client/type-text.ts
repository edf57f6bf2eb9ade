import type { JSONSchema } from "@miqro/parser";
import { alternativesOf, prefixOf, refName, restOf } from "../resolve-schema.js";

/** Writes a JSON Schema as a TypeScript type. A shared schema becomes a member of `Schemas`. */
export function toTypeText(schema: JSONSchema): string {
  const name = refName(schema);
  if (name !== undefined) return `Schemas[${JSON.stringify(name)}]`;
  const { type, enum: values, allOf } = schema;
  const alternatives = alternativesOf(schema);
  if ("const" in schema) return JSON.stringify(schema.const) ?? "unknown";
  if (values !== undefined) return union(values.map((value) => JSON.stringify(value)));
  if (alternatives !== undefined) return union(alternatives.map(toTypeText));
  if (allOf !== undefined && type === undefined) {
    // A keyword without a type, such as a pattern, cannot be written as a TypeScript type.
    const parts = allOf.map(toTypeText).filter((part) => part !== "unknown");
    return parts.length === 0 ? "unknown" : parts.map(wrap).join(" & ");
  }
  if (type === undefined) return isNever(schema) ? "never" : "unknown";
  return union([type].flat().map((one) => kindText(one, schema)));
}

/** Writes an object type. `others` is the type of properties that are not listed, if there may be any. */
export function objectText(
  properties: readonly { readonly name: string; readonly isRequired: boolean; readonly text: string }[],
  others?: string,
): string {
  const members = properties.map(
    ({ name, isRequired, text }) =>
      `${keyText(name)}${isRequired ? "" : "?"}: ${text}${isRequired ? "" : " | undefined"}`,
  );
  if (others !== undefined) members.push(`[key: string]: ${others}`);
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
      return writeArray(schema);
    case "object":
      return writeObject(schema);
    default:
      return "unknown";
  }
}

function writeArray(schema: JSONSchema): string {
  const { minItems = 0 } = schema;
  const prefix = prefixOf(schema).map((one, index) => wrap(toTypeText(one)) + (index < minItems ? "" : "?"));
  const rest = restOf(schema);
  const others = rest === undefined ? [] : [`${wrap(toTypeText(rest))}[]`];
  if (prefix.length === 0) return others[0] ?? "[]";
  return `[${[...prefix, ...others.map((text) => `...${text}`)].join(", ")}]`;
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
  // The types of all properties must fit an index signature.
  return objectText(known, isOpen(additionalProperties) ? "unknown" : undefined);
}

/** Whether a schema explicitly allows other properties. */
function isOpen(additionalProperties: JSONSchema["additionalProperties"]): boolean {
  if (typeof additionalProperties === "object") return !isNever(additionalProperties);
  return additionalProperties === true;
}

function isNever(schema: JSONSchema): boolean {
  // `false` is also a JSON Schema.
  return (schema as unknown) === false || (schema.not !== undefined && Object.keys(schema.not).length === 0);
}

function union(texts: readonly string[]): string {
  const different = [...new Set(texts)];
  if (different.includes("unknown")) return "unknown";
  return different.length === 0 ? "never" : different.join(" | ");
}

function wrap(text: string): string {
  return /[|&]/.test(text) ? `(${text})` : text;
}
