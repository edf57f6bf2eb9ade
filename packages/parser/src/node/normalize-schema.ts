import type { SchemaError } from "../errors.js";
import { describeValue, nearestWord, withArticle } from "../issue/words.js";
import type { SettledOptions } from "../options.js";
import { formOnlyTypes, isTypeName, type TypeName, typeNames } from "../schema/type-names.js";
import { compiledNode } from "./compiled-node.js";
import { readForm } from "./read-form.js";
import { schemaError } from "./schema-error.js";
import { forbiddenKeys, type NodeBase, type PropertyNode, type SchemaNode } from "./schema-node.js";
import { asStandardSchema } from "./standard-node.js";
import { parseTypeText, type TypeTerm } from "./type-text.js";

/** How many nodes one schema may have, which a schema that shares its parts over and over would exceed. */
const maxNodes = 10_000;

/**
 * Turns a schema into its node tree, once, with the options settled into it.
 * @throws SchemaError with the place of the fault.
 */
export function normalizeSchema(schema: unknown, options: SettledOptions): SchemaNode {
  return new Normalizer(options).read(schema, [], 1);
}

/** What the reader of long forms needs of the normalizer. */
export interface NodeReader {
  readonly options: SettledOptions;
  read(schema: unknown, path: readonly string[], depth: number): SchemaNode;
  readProperties(properties: object, path: readonly string[], depth: number): readonly PropertyNode[];
  named(name: TypeName, base: NodeBase): SchemaNode;
  unknownType(name: string, path: readonly string[]): SchemaError;
}

const required: NodeBase = { optional: false, nullable: false };

class Normalizer implements NodeReader {
  readonly options: SettledOptions;
  #nodes = 0;

  constructor(options: SettledOptions) {
    this.options = options;
  }

  read(schema: unknown, path: readonly string[], depth: number): SchemaNode {
    this.#countNode(path, depth);
    if (typeof schema === "string") return this.#readText(schema, path);
    const known = compiledNode(schema);
    if (known !== undefined) return known;
    const standard = asStandardSchema(schema);
    if (standard !== undefined) return { kind: "standard", schema: standard, unchanged: false, ...required };
    if (Array.isArray(schema)) {
      throw schemaError('is a list; write { type: "union", anyOf: [...] } for alternatives.', path);
    }
    if (!isRecord(schema)) {
      throw schemaError(
        `is ${withArticle(describeValue(schema))}; a schema is a type name, an object or a Standard Schema.`,
        path,
      );
    }
    if (Object.hasOwn(schema, "type") && typeof schema.type === "string") {
      return readForm(schema, schema.type, path, depth, this);
    }
    return {
      kind: "object",
      properties: this.readProperties(schema, path, depth),
      mode: this.options.mode,
      ...required,
    };
  }

  readProperties(properties: object, path: readonly string[], depth: number): readonly PropertyNode[] {
    return Object.entries(properties).map(([key, schema]) => {
      if (forbiddenKeys.includes(key)) {
        throw schemaError(`names the property "${key}", which no value may have.`, path);
      }
      return { key, node: this.read(schema, [...path, key], depth + 1) };
    });
  }

  named(name: TypeName, base: NodeBase): SchemaNode {
    const { coerce } = this.options;
    switch (name) {
      case "string":
        return { kind: "string", minLength: 0, maxLength: Infinity, ...base };
      case "string1":
        return { kind: "string", minLength: 1, maxLength: Infinity, ...base };
      case "email":
      case "uuid":
        return { kind: "string", minLength: 0, maxLength: Infinity, format: name, ...base };
      case "number":
      case "integer":
        return { kind: "number", integer: name === "integer", coerce, ...base };
      case "boolean":
        return { kind: "boolean", coerce, ...base };
      case "any":
      case "unknown":
        return { kind: "unknown", ...base };
      case "null":
      case "function":
        return { kind: name, ...base };
      case "object":
        return { kind: "object", properties: [], mode: "add_extra", ...base };
      case "array":
        return listOf({ kind: "unknown", ...required }, false, base);
      case "dict":
        return { kind: "dict", values: { kind: "unknown", ...required }, ...base };
    }
  }

  unknownType(name: string, path: readonly string[]): SchemaError {
    const needs = formOnlyTypes.get(name);
    if (needs !== undefined) {
      return schemaError(
        `uses "${name}" without "${needs}"; write { type: "${name}", ${needs}: ... }.`,
        path,
      );
    }
    const all = [...typeNames, ...formOnlyTypes.keys()];
    const nearest = nearestWord(name, all);
    const hint = nearest === undefined ? "" : ` Perhaps "${nearest}" was meant.`;
    return schemaError(`names the unknown type "${name}".${hint} The types are ${all.join(", ")}.`, path);
  }

  #readText(text: string, path: readonly string[]): SchemaNode {
    const terms = parseTypeText(text);
    if (terms === undefined) {
      throw schemaError(
        `is "${text}", which is not a type; write a type name, then [] or []! for a list, then ? if it may be absent, and | between alternatives.`,
        path,
      );
    }
    const [first] = terms;
    if (first !== undefined && terms.length === 1) return this.#readTerm(first, first.optional, path);
    return {
      kind: "union",
      alternatives: terms.map((term) => this.#readTerm(term, false, path)),
      optional: terms.some((term) => term.optional),
      nullable: false,
    };
  }

  #readTerm(term: TypeTerm, optional: boolean, path: readonly string[]): SchemaNode {
    if (!isTypeName(term.name)) throw this.unknownType(term.name, path);
    const base = { ...required, optional };
    if (term.lists.length === 0) return this.named(term.name, base);
    let node = this.named(term.name, required);
    for (const [index, wrap] of term.lists.entries()) {
      node = listOf(node, wrap, index === term.lists.length - 1 ? base : required);
    }
    return node;
  }

  #countNode(path: readonly string[], depth: number): void {
    if (depth > this.options.maxDepth) {
      throw schemaError(
        `nests deeper than ${this.options.maxDepth} levels; does it contain itself? The option "maxDepth" sets the limit.`,
        path.slice(0, 8),
      );
    }
    this.#nodes += 1;
    if (this.#nodes > maxNodes) {
      throw schemaError(`has more than ${maxNodes} parts, which is too many to compile.`, []);
    }
  }
}

function listOf(items: SchemaNode, wrap: boolean, base: NodeBase): SchemaNode {
  return { kind: "array", items, minLength: 0, maxLength: Infinity, unique: false, wrap, ...base };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === "[object Object]";
}
