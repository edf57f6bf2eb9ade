import type { JSONSchema } from "@miqro/parser";
import { alternativesOf, prefixOf, refName, resolveSchema, restOf } from "./resolve-schema.js";

type Schemas = Readonly<Record<string, JSONSchema>>;

/** A value in a body, as a row of a table. */
export interface SchemaRow {
  /** The path of the value, such as `posts[].title`; empty for the value as a whole. */
  readonly path: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly description: string;
}

/** Lists the fields of a value as rows. A recursive schema is listed once. */
export function listSchema(schema: JSONSchema, schemas: Schemas): SchemaRow[] {
  const rows = new Map<string, SchemaRow>();
  const addRow = (given: JSONSchema, path: string, isRequired: boolean): void => {
    const row = {
      path,
      type: typeText(given, schemas),
      isRequired,
      description: describeSchema(given, schemas),
    };
    rows.set(JSON.stringify([row.path, row.type]), row);
  };
  const addInside = (given: JSONSchema, path: string, above: readonly string[]): void => {
    const name = refName(given);
    if (name !== undefined && above.includes(name)) return;
    const inner = name === undefined ? above : [...above, name];
    const resolved = resolveSchema(given, schemas);
    const { properties = {}, required = [], additionalProperties } = resolved;
    for (const [key, one] of Object.entries(properties)) {
      const at = path === "" ? key : `${path}.${key}`;
      addRow(one, at, required.includes(key));
      addInside(one, at, inner);
    }
    prefixOf(resolved).forEach((one, index) => {
      addInside(one, `${path}[${index}]`, inner);
    });
    const rest = restOf(resolved);
    if (resolved.items !== undefined && rest !== undefined) addInside(rest, `${path}[]`, inner);
    if (typeof additionalProperties === "object") addInside(additionalProperties, `${path}.*`, inner);
    for (const one of alternativesOf(resolved) ?? []) addInside(one, path, inner);
  };
  const { type, properties } = resolveSchema(schema, schemas);
  if (type !== "object" || properties === undefined) addRow(schema, "", true);
  addInside(schema, "", []);
  return [...rows.values()];
}

/** The type of a value in a few words, such as `integer`, `string[]` or `"a" | "b"`. */
export function typeText(schema: JSONSchema, schemas: Schemas): string {
  const name = refName(schema);
  if (name !== undefined) return name;
  const { type, enum: values, format, allOf, additionalProperties } = schema;
  const alternatives = alternativesOf(schema);
  if ("const" in schema) return JSON.stringify(schema.const);
  if (values !== undefined) return values.map((value) => JSON.stringify(value)).join(" | ");
  if (alternatives !== undefined)
    return [...new Set(alternatives.map((one) => typeText(one, schemas)))].join(" | ");
  if (type === "array") {
    const prefix = prefixOf(schema).map((one) => typeText(one, schemas));
    const rest = restOf(schema);
    const item = rest === undefined ? undefined : typeText(rest, schemas);
    const list = item?.includes(" ") === true ? `(${item})[]` : `${item}[]`;
    if (prefix.length === 0) return item === undefined ? "[]" : list;
    return `[${[...prefix, ...(item === undefined ? [] : [`...${list}`])].join(", ")}]`;
  }
  if (type === "object" && typeof additionalProperties === "object") {
    return `{ [key]: ${typeText(additionalProperties, schemas)} }`;
  }
  if (type === undefined) return allOf?.[0] === undefined ? "any" : typeText(allOf[0], schemas);
  const names = [type].flat().map((one) => (one === "string" && format !== undefined ? format : one));
  return names.join(" | ");
}

const limits: readonly (readonly [keyword: string, toText: (value: unknown) => string])[] = [
  ["minLength", (value) => `at least ${value} ${value === 1 ? "character" : "characters"}`],
  ["maxLength", (value) => `at most ${value} characters`],
  ["minimum", (value) => `at least ${value}`],
  ["maximum", (value) => `at most ${value}`],
  ["exclusiveMinimum", (value) => `more than ${value}`],
  ["exclusiveMaximum", (value) => `less than ${value}`],
  ["multipleOf", (value) => `a multiple of ${value}`],
  ["minItems", (value) => `at least ${value} items`],
  ["maxItems", (value) => `at most ${value} items`],
  ["uniqueItems", () => "no item twice"],
  ["pattern", (value) => `matches ${codeText(String(value))}`],
  ["default", (value) => `default ${codeText(JSON.stringify(value))}`],
];

/** The description and the limits of a value, in one line. Backticks mark code. */
export function describeSchema(given: JSONSchema, schemas: Schemas): string {
  const schema = { ...resolveSchema(given, schemas), ...given };
  const found = limits.flatMap(([keyword, toText]) => {
    const value = schema[keyword];
    // Every integer has these limits.
    if (value === undefined || Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER) return [];
    // The name of a format is clearer than its pattern.
    if (keyword === "pattern" && (schema.format !== undefined || String(value).length > 100)) return [];
    return [toText(value)];
  });
  return [schema.description, found.join(", ")].filter((one) => one !== undefined && one !== "").join("; ");
}

function codeText(text: string): string {
  return `\`${text.replace(/`/g, "'")}\``;
}
