import { isParserMode } from "../options.js";
import type { LiteralValue } from "../schema/schema.js";
import { formOnlyTypes } from "../schema/type-names.js";
import { closestName } from "../text/closest-name.js";
import { readDiscriminator } from "./discriminator.js";
import type { NodeReader } from "./normalize-schema.js";
import { schemaError } from "./schema-error.js";
import {
  type ArrayNode,
  longestList,
  type NodeBase,
  type NumberNode,
  type Rule,
  type SchemaNode,
  type StringNode,
  type UnionNode,
  type ValuesNode,
} from "./schema-node.js";

type Path = readonly string[];
type Form = Readonly<Record<string, unknown>>;

const commonKeys = ["type", "nullable", "default", "description", "refine"];

// The keys of each long form. Types that need a long form are listed by type name, all others by the kind of their
// node.
const ownKeys: Readonly<Record<string, readonly string[]>> = {
  string: ["minLength", "maxLength", "regex"],
  number: ["min", "max", "multipleOf", "coerce"],
  bigint: ["coerce"],
  boolean: ["coerce"],
  date: ["coerce"],
  object: ["properties", "mode", "id"],
  array: ["items", "minLength", "maxLength", "unique", "id"],
  dict: ["values", "id"],
  enum: ["values", "coerce"],
  literal: ["value", "coerce"],
  union: ["anyOf", "discriminator", "id"],
  ref: ["ref"],
};

/** Reads a long form, `{ type, ... }`. */
export function readForm(
  form: Form,
  type: string,
  path: Path,
  depth: number,
  reader: NodeReader,
): SchemaNode {
  const optional = type.endsWith("?");
  const name = optional ? type.slice(0, -1) : type;
  if (/[[\]|!?]/.test(name)) {
    throw schemaError(
      `has the type "${type}" in a long form, which takes one type name; write { type: "array", items } for an array and { type: "union", anyOf } for alternatives.`,
      path,
    );
  }
  const base = readBase(form, optional, path);
  const needed = formOnlyTypes.get(name);
  if (needed !== undefined) {
    checkKeys(form, name, ownKeys[name], path);
    if (form[needed] === undefined) throw reader.unknownType(name, path);
    if (name === "ref") return { kind: "ref", target: readTarget(form, path, reader), ...base };
    if (name !== "union") return readValues(form, name, base, path, reader);
    return readWithId(form, path, reader, () => readUnion(form, base, path, depth, reader));
  }
  const node = reader.named(name, base, path, depth);
  checkKeys(form, name, node.self === undefined ? ownKeys[node.kind] : [], path);
  if (node.self !== undefined) return node;
  switch (node.kind) {
    case "string":
      return readString(form, node, path);
    case "number":
      return readNumber(form, { ...node, coerce: readFlag(form, "coerce", path, node.coerce) }, path);
    case "bigint":
    case "boolean":
    case "date":
      return { ...node, coerce: readFlag(form, "coerce", path, node.coerce) };
    case "object":
    case "array":
    case "dict":
      return readWithId(form, path, reader, () => readContainer(form, node, path, depth, reader));
    default:
      return node;
  }
}

function readContainer(
  form: Form,
  node: Extract<SchemaNode, { readonly kind: "object" | "array" | "dict" }>,
  path: Path,
  depth: number,
  reader: NodeReader,
): SchemaNode {
  if (node.kind === "array") return readArray(form, node, path, depth, reader);
  if (node.kind === "dict") {
    if (form.values === undefined) return node;
    return { ...node, values: reader.read(form.values, [...path, "values"], depth + 1) };
  }
  if (form.properties === undefined) {
    return form.mode === undefined ? node : { ...node, mode: readMode(form.mode, path) };
  }
  return {
    ...node,
    properties: reader.readProperties(readObject(form.properties, "properties", path), path, depth),
    mode: form.mode === undefined ? reader.options.mode : readMode(form.mode, path),
  };
}

function readWithId(form: Form, path: Path, reader: NodeReader, read: () => SchemaNode): SchemaNode {
  if (form.id === undefined) return read();
  if (typeof form.id !== "string" || form.id === "")
    throw wrongKey("id", "a string with at least one character", path);
  return reader.readNamed(form.id, read);
}

function readTarget(form: Form, path: Path, reader: NodeReader) {
  if (typeof form.ref !== "string") throw wrongKey("ref", "a string", path);
  return reader.findTarget(form.ref, path);
}

function readBase(form: Form, optional: boolean, path: Path): NodeBase {
  const { description, refine } = form;
  if (refine !== undefined && typeof refine !== "function") throw wrongKey("refine", "a function", path);
  if (description !== undefined && typeof description !== "string") {
    throw wrongKey("description", "a string", path);
  }
  return {
    optional,
    nullable: readFlag(form, "nullable", path),
    ...(form.default === undefined ? {} : { fallback: { value: form.default } }),
    ...(description === undefined ? {} : { description }),
    ...(refine === undefined ? {} : { rules: [refine as Rule] }),
  };
}

function checkKeys(form: Form, name: string, own: readonly string[] = [], path: Path): void {
  const known = [...commonKeys, ...own];
  for (const key of Object.keys(form)) {
    if (known.includes(key)) continue;
    const nearest = closestName(key, known);
    const hint = nearest === undefined ? `It knows ${known.join(", ")}.` : `Perhaps "${nearest}" was meant.`;
    throw schemaError(
      `has the key "${key}", which the type "${name}" does not know. ${hint} For an object with a property named "type", write { type: "object", properties: {...} }.`,
      path,
    );
  }
}

function readString(form: Form, node: StringNode, path: Path): StringNode {
  const minLength = Math.max(node.minLength, readLength(form, "minLength", 0, path));
  const maxLength = readLength(form, "maxLength", Infinity, path);
  checkOrder("minLength", minLength, "maxLength", maxLength, path);
  const pattern = readPattern(form.regex, path);
  return { ...node, minLength, maxLength, ...(pattern === undefined ? {} : { pattern }) };
}

function readPattern(regex: unknown, path: Path): RegExp | undefined {
  if (regex === undefined) return undefined;
  // Copies the RegExp without the flags `g` and `y`. With them, `test` would continue after its last match.
  if (regex instanceof RegExp) return new RegExp(regex.source, regex.flags.replace(/[gy]/g, ""));
  if (typeof regex !== "string") throw wrongKey("regex", "a string or a RegExp", path);
  try {
    return new RegExp(regex, "u");
  } catch (error) {
    throw schemaError(`has a "regex" that is not a pattern: ${(error as Error).message}.`, path);
  }
}

function readNumber(form: Form, node: NumberNode, path: Path): NumberNode {
  const min = readFinite(form, "min", path);
  const max = readFinite(form, "max", path);
  const multipleOf = readFinite(form, "multipleOf", path);
  checkOrder("min", min ?? -Infinity, "max", max ?? Infinity, path);
  if (multipleOf !== undefined && multipleOf <= 0) throw wrongKey("multipleOf", "a number above 0", path);
  return {
    ...node,
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(multipleOf === undefined ? {} : { multipleOf }),
  };
}

function readArray(form: Form, node: ArrayNode, path: Path, depth: number, reader: NodeReader): ArrayNode {
  const items =
    form.items === undefined ? node.items : reader.read(form.items, [...path, "items"], depth + 1);
  const minLength = readLength(form, "minLength", 0, path);
  const maxLength = readLength(form, "maxLength", Math.max(longestList, minLength), path);
  checkOrder("minLength", minLength, "maxLength", maxLength, path);
  const unique = readFlag(form, "unique", path);
  if (unique && !isPrimitive(items)) {
    throw schemaError(
      'has "unique" for items that may be objects or arrays; it compares strings, numbers, booleans and null.',
      path,
    );
  }
  return { ...node, items, minLength, maxLength, unique };
}

function isPrimitive(node: SchemaNode): boolean {
  if (node.kind === "union") return node.alternatives.every(isPrimitive);
  return ["string", "number", "bigint", "boolean", "null", "values"].includes(node.kind);
}

function readValues(form: Form, name: string, base: NodeBase, path: Path, reader: NodeReader): ValuesNode {
  const key = name === "enum" ? "values" : "value";
  const given = form[key];
  const values = name === "enum" ? given : [given];
  if (!Array.isArray(values) || values.length === 0 || !values.every(isLiteral)) {
    const wanted =
      name === "enum"
        ? "an array, with at least one item, of strings, finite numbers, booleans and null"
        : "a string, a finite number, a boolean or null";
    throw wrongKey(key, wanted, path);
  }
  const texts = readFlag(form, "coerce", path, reader.options.coerce) ? readTexts(values) : undefined;
  return { kind: "values", values: [...values], ...(texts === undefined ? {} : { texts }), ...base };
}

// A string that is one of the values is not coerced.
function readTexts(values: readonly LiteralValue[]): ReadonlyMap<string, LiteralValue> | undefined {
  const texts = new Map<string, LiteralValue>();
  for (const value of values) {
    if (typeof value === "number" || typeof value === "boolean") texts.set(String(value), value);
  }
  for (const value of values) if (typeof value === "string") texts.delete(value);
  return texts.size > 0 ? texts : undefined;
}

function readUnion(form: Form, base: NodeBase, path: Path, depth: number, reader: NodeReader): UnionNode {
  const { anyOf } = form;
  if (!Array.isArray(anyOf) || anyOf.length === 0)
    throw wrongKey("anyOf", "an array of at least one schema", path);
  const read = anyOf.map((schema: unknown, index) =>
    reader.read(schema, [...path, "anyOf", String(index)], depth + 1),
  );
  const alternatives = read.map((node) => (node.optional ? { ...node, optional: false } : node));
  const discriminator = readDiscriminator(form.discriminator, alternatives, path);
  return {
    kind: "union",
    alternatives,
    ...(discriminator === undefined ? {} : { discriminator }),
    ...base,
    optional: base.optional || read.some((node) => node.optional),
  };
}

function isLiteral(value: unknown): value is LiteralValue {
  if (typeof value === "number") return Number.isFinite(value);
  return typeof value === "string" || typeof value === "boolean" || value === null;
}

function readMode(mode: unknown, path: Path) {
  if (!isParserMode(mode)) throw wrongKey("mode", '"no_extra", "remove_extra" or "add_extra"', path);
  return mode;
}

function readObject(value: unknown, key: string, path: Path): object {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw wrongKey(key, "an object", path);
  return value;
}

function readFlag(form: Form, key: string, path: Path, absent = false): boolean {
  const value = form[key] ?? absent;
  if (typeof value !== "boolean") throw wrongKey(key, "true or false", path);
  return value;
}

function readLength(form: Form, key: string, absent: number, path: Path): number {
  const value = form[key];
  if (value === undefined) return absent;
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw wrongKey(key, "an integer from 0", path);
  }
  return value;
}

function readFinite(form: Form, key: string, path: Path): number | undefined {
  const value = form[key];
  if (value === undefined) return undefined;
  if (typeof value !== "number" || !Number.isFinite(value)) throw wrongKey(key, "a finite number", path);
  return value;
}

function checkOrder(lowKey: string, low: number, highKey: string, high: number, path: Path): void {
  if (low > high) throw schemaError(`has a "${lowKey}" above its "${highKey}", so no value fits.`, path);
}

function wrongKey(key: string, wanted: string, path: Path) {
  return schemaError(`has a "${key}" that is not ${wanted}.`, path);
}
