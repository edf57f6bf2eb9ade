import { type FormatKeywords, formatKeywords } from "../formats/string-formats.js";
import {
  type ArrayNode,
  longestList,
  type NumberNode,
  type ObjectNode,
  partsOf,
  type RefTarget,
  type SchemaNode,
  type StandardNode,
  type StringNode,
  type ValuesNode,
} from "../node/schema-node.js";
import { invalidOption } from "../options.js";
import { embedSchema } from "./embed-schema.js";
import type { JSONSchema, JSONSchemaDirection, JSONSchemaOptions } from "./json-schema.js";

type Keywords = { -readonly [Keyword in keyof JSONSchema]: JSONSchema[Keyword] };

/**
 * Returns the JSON Schema (2020-12) of a node. For the direction `"input"` it accepts the JSON values that the node
 * accepts. For `"output"` it accepts the JSON of the values that parsing returns. It does not describe strings that
 * `coerce` converts, a `refine`, the flags of a pattern, and forbidden keys. A date is a string in the form that
 * `JSON.stringify` writes.
 * @throws ParserError with the code PARSER_INVALID_OPTION
 */
export function nodeToJSONSchema(node: SchemaNode, options?: JSONSchemaOptions): JSONSchema {
  const direction = options?.direction ?? "input";
  if (direction !== "input" && direction !== "output") {
    throw invalidOption("direction", direction, 'Use "input" or "output".');
  }
  const writer = new JSONSchemaWriter(node, options?.definitions ?? "#/$defs/", direction === "output");
  return writer.write();
}

class JSONSchemaWriter {
  readonly #root: SchemaNode;
  readonly #prefix: string;
  /** Whether the schema describes the output of parsing instead of its input. */
  readonly #output: boolean;
  /** The definition names of the targets of refs. */
  readonly #names = new Map<RefTarget, string>();
  readonly #taken = new Set<string>();
  readonly #definitions: Record<string, JSONSchema> = {};

  constructor(root: SchemaNode, prefix: string, output: boolean) {
    this.#root = root;
    this.#prefix = prefix;
    this.#output = output;
    this.#nameTargets(root);
  }

  write(): JSONSchema {
    const schema = this.#node(this.#root);
    const hasDefinitions = Object.keys(this.#definitions).length > 0;
    return hasDefinitions ? { ...schema, $defs: this.#definitions } : schema;
  }

  #nameTargets(node: SchemaNode): void {
    if (node.kind === "ref" && !this.#names.has(node.target)) {
      this.#names.set(node.target, this.#takeName(node.target.id));
    }
    for (const [, part] of partsOf(node)) this.#nameTargets(part);
  }

  #takeName(id: string): string {
    let name = id;
    for (let count = 2; this.#taken.has(name); count++) name = `${id}${count}`;
    this.#taken.add(name);
    return name;
  }

  #node(node: SchemaNode): JSONSchema {
    const schema: Keywords = withNull(this.#named(node), node.nullable);
    if (node.description !== undefined) schema.description = node.description;
    const absent = outcomeOfAbsent(node);
    if (typeof absent === "object" && isJSON(absent.value)) schema.default = absent.value;
    return schema;
  }

  // Writes the target of a ref once, as a definition with its name.
  #named(node: SchemaNode): Keywords {
    const name = node.self === undefined ? undefined : this.#names.get(node.self);
    if (name === undefined) return this.#kind(node);
    if (!Object.hasOwn(this.#definitions, name)) {
      this.#definitions[name] = {};
      this.#definitions[name] = this.#kind(node);
    }
    return this.#ref(name);
  }

  #ref(name: string): Keywords {
    // A JSON pointer escapes ~ and /. Then the characters that a URL fragment cannot contain are escaped.
    return { $ref: this.#prefix + encodeURIComponent(name.replace(/~/g, "~0").replace(/\//g, "~1")) };
  }

  #kind(node: SchemaNode): Keywords {
    switch (node.kind) {
      case "string":
        return this.#output && node.transform !== undefined
          ? writeTransformed(node, node.transform)
          : writeString(node);
      case "number":
        return writeNumber(node);
      case "bigint":
        return { type: "string", pattern: "^-?\\d{1,1000}$" };
      case "boolean":
      case "null":
        return { type: node.kind };
      case "date":
        // `JSON.stringify` writes every Date as an instant.
        return { type: "string", format: node.text === "day" && !this.#output ? "date" : "date-time" };
      case "function":
        return { not: {} };
      case "values":
        return writeValues(node);
      case "object":
        return this.#object(node);
      case "array":
        return this.#array(node);
      case "dict":
        return node.values.kind === "unknown"
          ? { type: "object" }
          : { type: "object", additionalProperties: this.#node(node.values) };
      case "union":
        // If an alternative has a default, this is the default of the union too. So the schema of the union also
        // contains it.
        return {
          anyOf: node.alternatives.map((alternative) => {
            const { default: _, ...schema } = this.#node(alternative);
            return schema;
          }),
        };
      case "ref":
        return this.#ref(this.#names.get(node.target) ?? node.target.id);
      case "standard":
        return this.#standard(node);
      case "unknown":
      case "custom":
        return {};
    }
  }

  #standard(node: StandardNode): Keywords {
    const { $schema: _, ...schema } = readStandard(node, this.#output ? "output" : "input");
    return embedSchema(schema, (id) => {
      const name = this.#takeName(id);
      return {
        ref: this.#ref(name).$ref ?? "",
        set: (definition) => {
          this.#definitions[name] = definition;
        },
      };
    });
  }

  #object(node: ObjectNode): Keywords {
    const schema: Keywords = { type: "object" };
    const required = node.properties.filter((property) => this.#isRequired(property.node));
    if (node.properties.length > 0) {
      schema.properties = Object.fromEntries(
        node.properties.map((property) => [property.key, this.#node(property.node)]),
      );
    }
    if (required.length > 0) schema.required = required.map((property) => property.key);
    if (node.mode === "no_extra" || (this.#output && node.mode === "remove_extra")) {
      schema.additionalProperties = false;
    }
    return schema;
  }

  #isRequired(node: SchemaNode): boolean {
    const absent = outcomeOfAbsent(node);
    return absent === "refused" || (this.#output && typeof absent === "object");
  }

  #array({ items, minLength, maxLength, unique, wrap }: ArrayNode): Keywords {
    const schema: Keywords = { type: "array" };
    const item = this.#node(items);
    if (Object.keys(item).length > 0) schema.items = item;
    if (minLength > 0) schema.minItems = minLength;
    if (maxLength !== longestList) schema.maxItems = maxLength;
    if (unique) schema.uniqueItems = true;
    if (!wrap || this.#output) return schema;
    // An array is never wrapped in another array, even if it would fit as an item.
    const single = items.kind === "array" || items.kind === "unknown" ? { allOf: [item, notList] } : item;
    return { anyOf: [schema, single] };
  }
}

const notList: JSONSchema = { not: { type: "array" } };

function writeString({ minLength, maxLength, pattern, format }: StringNode): Keywords {
  const schema: Keywords = { type: "string" };
  const keywords: FormatKeywords = format === undefined ? {} : formatKeywords[format];
  const longest = Math.min(maxLength, keywords.maxLength ?? Infinity);
  if (minLength > 0) schema.minLength = minLength;
  if (longest < Infinity) schema.maxLength = longest;
  if (keywords.format !== undefined) schema.format = keywords.format;
  if (keywords.pattern !== undefined) schema.pattern = keywords.pattern;
  const source = pattern === undefined ? undefined : unicodeSource(pattern);
  if (source === undefined) return schema;
  if (schema.pattern === undefined) schema.pattern = source;
  else schema.allOf = [{ pattern: source }];
  return schema;
}

/**
 * Writes an encoded or decoded string. A limit of the original string is written only if it also holds for the changed
 * string.
 */
function writeTransformed(
  { minLength, maxLength }: StringNode,
  transform: "encodeHTML" | "decodeHTML",
): Keywords {
  const schema: Keywords = { type: "string" };
  // Encoding never makes a string shorter, and an empty string stays empty. Decoding never makes a string longer, and a
  // string with content never becomes empty.
  if (transform === "encodeHTML" && minLength > 0) schema.minLength = minLength;
  if (transform === "decodeHTML" && minLength > 0) schema.minLength = 1;
  if (maxLength < Infinity && (transform === "decodeHTML" || maxLength === 0)) schema.maxLength = maxLength;
  return schema;
}

/**
 * Returns the source of a RegExp that has no flags or only `u`, if the source is valid with `u`. JSON Schema reads
 * patterns with this flag.
 */
function unicodeSource(pattern: RegExp): string | undefined {
  if (pattern.flags === "u") return pattern.source;
  if (pattern.flags !== "") return undefined;
  try {
    return new RegExp(pattern.source, "u").source;
  } catch {
    return undefined;
  }
}

function writeNumber({ integer, min, max, multipleOf }: NumberNode): Keywords {
  const schema: Keywords = { type: integer ? "integer" : "number" };
  const limit = integer ? Number.MAX_SAFE_INTEGER : Infinity;
  const minimum = Math.max(min ?? -Infinity, -limit);
  const maximum = Math.min(max ?? Infinity, limit);
  if (minimum > -Infinity) schema.minimum = minimum;
  if (maximum < Infinity) schema.maximum = maximum;
  if (multipleOf !== undefined) schema.multipleOf = multipleOf;
  return schema;
}

function writeValues({ values }: ValuesNode): Keywords {
  return values.length === 1 ? { const: values[0] } : { enum: [...new Set(values)] };
}

/** The JSON Schema that another library provides for its schema, if any. */
function readStandard({ schema }: StandardNode, direction: JSONSchemaDirection): JSONSchema {
  try {
    return schema["~standard"].jsonSchema?.[direction]({ target: "draft-2020-12" }) ?? {};
  } catch {
    return {};
  }
}

function withNull(schema: Keywords, nullable: boolean): Keywords {
  if (!nullable || schema.type === "null") return schema;
  if (schema.enum !== undefined) return { enum: [...new Set([...schema.enum, null])] };
  if (typeof schema.type === "string" && schema.const === undefined) {
    return { ...schema, type: [schema.type, "null"] };
  }
  return { anyOf: [schema, { type: "null" }] };
}

/**
 * The result for an absent value: an issue, undefined, or a default. The result of a schema of another library is not
 * known, so this function assumes that the value may stay absent.
 */
function outcomeOfAbsent(node: SchemaNode): "refused" | "absent" | { readonly value: unknown } {
  if (node.fallback !== undefined) return node.fallback;
  if (node.optional || node.kind === "standard") return "absent";
  if (node.kind === "ref") return outcomeOfAbsent(node.target.node);
  if (node.kind !== "union" || node.discriminator !== undefined) return "refused";
  for (const alternative of node.alternatives) {
    const outcome = outcomeOfAbsent(alternative);
    if (outcome !== "refused") return outcome;
  }
  return "refused";
}

/** Whether `JSON.stringify` and `JSON.parse` return an equal value. */
function isJSON(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isJSON);
  if (typeof value === "object" && value !== null) {
    return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isJSON);
  }
  return ["string", "boolean"].includes(typeof value) || Number.isFinite(value) || value === null;
}
