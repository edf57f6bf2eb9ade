import type { SchemaError } from "../errors.js";
import { kindOf } from "../issue/kind.js";
import type { SettledOptions } from "../options.js";
import { type BuiltInName, formOnlyTypes, isBuiltInName, typeNames } from "../schema/type-names.js";
import { closestName } from "../text/closest-name.js";
import { checkRecursion } from "./check-recursion.js";
import { type CompiledNode, compiledNode } from "./compiled-node.js";
import { readForm } from "./read-form.js";
import type { RegisteredType, TypeRegistry } from "./registered-type.js";
import { schemaError } from "./schema-error.js";
import {
  forbiddenKeys,
  longestList,
  type NodeBase,
  type PropertyNode,
  type RefTarget,
  type SchemaNode,
} from "./schema-node.js";
import { asStandardSchema } from "./standard-node.js";
import { parseTypeText, type TypeTerm } from "./type-text.js";

/**
 * The maximum number of nodes of a schema. Without this limit, a schema that contains the same part very often would
 * fill the memory.
 */
const maxNodes = 10_000;

/**
 * Converts a schema to its tree of nodes. The nodes contain the options.
 * @throws SchemaError with the path of the mistake
 */
export function normalizeSchema(
  schema: unknown,
  options: SettledOptions,
  registry: TypeRegistry,
): CompiledNode {
  const normalizer = new Normalizer(options, registry);
  const node = normalizer.read(schema, [], 1);
  checkRecursion(node);
  return { node, size: normalizer.size };
}

/** The functions of the normalizer that `readForm` needs. */
export interface NodeReader {
  readonly options: SettledOptions;
  read(schema: unknown, path: readonly string[], depth: number): SchemaNode;
  readProperties(properties: object, path: readonly string[], depth: number): readonly PropertyNode[];
  /** Reads a part of a schema. Refs in this part can use the id. */
  readNamed(id: string, read: () => SchemaNode): SchemaNode;
  /** The surrounding form with this id. */
  findTarget(id: string, path: readonly string[]): RefTarget;
  named(name: string, base: NodeBase, path: readonly string[], depth: number): SchemaNode;
  unknownType(name: string, path: readonly string[]): SchemaError;
}

/** A required node without any further property. */
export const required: NodeBase = { optional: false, nullable: false };

const anything: SchemaNode = { kind: "unknown", ...required };

class Normalizer implements NodeReader {
  readonly options: SettledOptions;
  readonly #registry: TypeRegistry;
  /** The surrounding forms of the current part, from the outermost to the innermost. */
  #targets: readonly RefTarget[] = [];
  /** The registered schemas that are currently being read. They may refer to themselves. */
  readonly #registered = new Map<string, RefTarget>();
  size = 0;

  constructor(options: SettledOptions, registry: TypeRegistry) {
    this.options = options;
    this.#registry = registry;
  }

  read(schema: unknown, path: readonly string[], depth: number): SchemaNode {
    this.#count(1, path, depth);
    if (typeof schema === "string") return this.#readText(schema, path, depth);
    const known = compiledNode(schema);
    if (known !== undefined) {
      this.#count(known.size, path, depth);
      return known.node;
    }
    const standard = asStandardSchema(schema);
    if (standard !== undefined) return { kind: "standard", schema: standard, unchanged: false, ...required };
    if (Array.isArray(schema)) {
      throw schemaError('is an array; write { type: "union", anyOf: [...] } for alternatives.', path);
    }
    if (!isRecord(schema)) {
      throw schemaError(
        `is ${kindOf(schema).phrase}; a schema is a type name, an object or a Standard Schema.`,
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
        throw schemaError(`names the property "${key}", which is never accepted.`, path);
      }
      return { key, node: this.read(schema, [...path, key], depth + 1) };
    });
  }

  readNamed(id: string, read: () => SchemaNode): SchemaNode {
    const target = this.#createTarget(id);
    const around = this.#targets;
    this.#targets = [...around, target];
    const node = read();
    this.#targets = around;
    return named(node, target);
  }

  findTarget(id: string, path: readonly string[]): RefTarget {
    const target = this.#targets.findLast((target) => target.id === id);
    if (target !== undefined) return target;
    const ids = this.#targets.map((target) => target.id);
    const nearest = closestName(id, ids);
    const hint = nearest === undefined ? "" : ` Perhaps "${nearest}" was meant.`;
    throw schemaError(`refers to "${id}", which is not the "id" of a surrounding form.${hint}`, path);
  }

  named(name: string, base: NodeBase, path: readonly string[], depth: number): SchemaNode {
    const registered = this.#registry.get(name);
    if (registered !== undefined) return this.#readRegistered(name, registered, base, depth);
    if (isBuiltInName(name)) return this.#builtIn(name, base);
    throw this.unknownType(name, path);
  }

  unknownType(name: string, path: readonly string[]): SchemaError {
    const needs = formOnlyTypes.get(name);
    if (needs !== undefined) {
      return schemaError(
        `uses "${name}" without "${needs}"; write { type: "${name}", ${needs}: ... }.`,
        path,
      );
    }
    const all = [...typeNames, ...formOnlyTypes.keys(), ...this.#registry.keys()];
    const nearest = closestName(name, all);
    const hint = nearest === undefined ? "" : ` Perhaps "${nearest}" was meant.`;
    return schemaError(`names the unknown type "${name}".${hint} The types are ${all.join(", ")}.`, path);
  }

  #builtIn(name: BuiltInName, base: NodeBase): SchemaNode {
    const { coerce } = this.options;
    const string = { kind: "string", minLength: 0, maxLength: Infinity, ...base } as const;
    switch (name) {
      case "string":
        return string;
      case "string1":
        return { ...string, minLength: 1 };
      case "email":
      case "url":
      case "uuid":
      case "regex":
        return { ...string, format: name };
      case "encodeHTML":
      case "decodeHTML":
        return { ...string, transform: name };
      case "number":
      case "integer":
        return { kind: "number", integer: name === "integer", coerce, ...base };
      case "bigint":
      case "boolean":
        return { kind: name, coerce, ...base };
      case "date":
        return { kind: "date", text: "day", coerce, ...base };
      case "datetime":
        return { kind: "date", text: "instant", coerce, ...base };
      case "any":
      case "unknown":
        return { kind: "unknown", ...base };
      case "null":
      case "function":
        return { kind: name, ...base };
      case "object":
        return { kind: "object", properties: [], mode: "add_extra", ...base };
      case "array":
        return listOf(anything, false, base);
      case "dict":
        return { kind: "dict", values: anything, ...base };
    }
  }

  // A ref in a registered schema cannot refer to a form outside of this schema. The schema refers to itself by its
  // registered name.
  #readRegistered(name: string, type: RegisteredType, base: NodeBase, depth: number): SchemaNode {
    if (type.parse !== undefined) {
      return { kind: "custom", name, parse: type.parse, unchanged: false, ...base };
    }
    const open = this.#registered.get(name);
    if (open !== undefined) return { kind: "ref", target: open, ...base };
    const target = this.#createTarget(name);
    this.#registered.set(name, target);
    const around = this.#targets;
    this.#targets = [];
    const node = this.read(type.schema, [name], depth);
    this.#targets = around;
    this.#registered.delete(name);
    return withBase(named(node, target), base);
  }

  #readText(text: string, path: readonly string[], depth: number): SchemaNode {
    const terms = parseTypeText(text);
    if (terms === undefined) {
      throw schemaError(
        `is "${text}", which is not a type; write a type name, then [] or []! for an array, then ? if it may be absent, and | between alternatives.`,
        path,
      );
    }
    const [first] = terms;
    if (first !== undefined && terms.length === 1) return this.#readTerm(first, first.optional, path, depth);
    const alternatives = terms.map((term) => this.#readTerm(term, false, path, depth));
    return {
      kind: "union",
      alternatives: alternatives.map((node) => (node.optional ? { ...node, optional: false } : node)),
      optional: terms.some((term) => term.optional) || alternatives.some((node) => node.optional),
      nullable: false,
    };
  }

  #readTerm(term: TypeTerm, optional: boolean, path: readonly string[], depth: number): SchemaNode {
    const base = { ...required, optional };
    const { length } = term.lists;
    let node = this.named(term.name, length === 0 ? base : required, path, depth + length);
    for (const [index, wrap] of term.lists.entries()) {
      node = listOf(node, wrap, index === length - 1 ? base : required);
    }
    return node;
  }

  // Makes the target of refs before its node is read. The real node replaces the placeholder later.
  #createTarget(id: string): RefTarget {
    return { id, maxDepth: this.options.maxDepth, node: anything };
  }

  #count(nodes: number, path: readonly string[], depth: number): void {
    if (depth > this.options.maxDepth) {
      throw schemaError(
        `nests deeper than ${this.options.maxDepth} levels; does it contain itself? Write { type: "ref", ref } for recursion; the option "maxDepth" sets the limit.`,
        path.slice(0, 8),
      );
    }
    this.size += nodes;
    if (this.size > maxNodes) {
      throw schemaError(`has more than ${maxNodes} parts, which is the maximum.`, []);
    }
  }
}

/** Makes a node the target of refs. The suffix `?` of the node does not apply to the refs: each ref has its own `?`. */
function named(node: SchemaNode, target: RefTarget): SchemaNode {
  const { fallback: _, ...rest } = node;
  target.node = { ...rest, optional: false, self: target };
  return { ...node, self: target };
}

/** The node of a registered type, with the keys of the long form that uses it. */
function withBase(node: SchemaNode, base: NodeBase): SchemaNode {
  const rules = [...(node.rules ?? []), ...(base.rules ?? [])];
  return {
    ...node,
    ...base,
    optional: node.optional || base.optional,
    nullable: node.nullable || base.nullable,
    ...(rules.length > 0 ? { rules } : {}),
  };
}

function listOf(items: SchemaNode, wrap: boolean, base: NodeBase): SchemaNode {
  return { kind: "array", items, minLength: 0, maxLength: longestList, unique: false, wrap, ...base };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === "[object Object]";
}
