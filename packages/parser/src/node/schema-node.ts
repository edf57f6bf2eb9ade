import type { StringFormat } from "../formats/string-formats.js";
import type { LiteralValue, ParserMode } from "../schema/schema.js";
import type { StandardSchema } from "../schema/standard-schema.js";

/**
 * A schema in its one internal form: short and long forms are resolved, and options are stored in the nodes that they
 * concern. Both compilers read only this form.
 */
export type SchemaNode =
  | StringNode
  | NumberNode
  | BigintNode
  | BooleanNode
  | DateNode
  | UnknownNode
  | NullNode
  | FunctionNode
  | ValuesNode
  | ObjectNode
  | ArrayNode
  | DictNode
  | UnionNode
  | RefNode
  | CustomNode
  | StandardNode;

/** The properties that every kind of node has. */
export interface NodeBase {
  /** Whether undefined passes. */
  readonly optional: boolean;
  /** Whether null passes. */
  readonly nullable: boolean;
  /** The value that replaces undefined. */
  readonly fallback?: { readonly value: unknown };
  readonly description?: string;
  /** The rules that are called last. The first rule that refuses the value ends the check. */
  readonly rules?: readonly Rule[];
  /** The name under which refs within this node find it. */
  readonly self?: RefTarget;
}

/** The `refine` of a schema: true, false, or why not. */
export type Rule = (value: unknown) => unknown;

export interface StringNode extends NodeBase {
  readonly kind: "string";
  readonly minLength: number;
  readonly maxLength: number;
  readonly pattern?: RegExp;
  readonly format?: StringFormat;
  /** The change to a string that fits. */
  readonly transform?: "encodeHTML" | "decodeHTML";
}

export interface NumberNode extends NodeBase {
  readonly kind: "number";
  readonly integer: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly multipleOf?: number;
  readonly coerce: boolean;
}

export interface BigintNode extends NodeBase {
  readonly kind: "bigint";
  readonly coerce: boolean;
}

export interface BooleanNode extends NodeBase {
  readonly kind: "boolean";
  readonly coerce: boolean;
}

/** A `Date`; as text, a day or an instant. */
export interface DateNode extends NodeBase {
  readonly kind: "date";
  readonly text: "day" | "instant";
  readonly coerce: boolean;
}

/** Accepts every value except undefined, without reading it. */
export interface UnknownNode extends NodeBase {
  readonly kind: "unknown";
}

export interface NullNode extends NodeBase {
  readonly kind: "null";
}

export interface FunctionNode extends NodeBase {
  readonly kind: "function";
}

/** A literal or an enum. */
export interface ValuesNode extends NodeBase {
  readonly kind: "values";
  readonly values: readonly LiteralValue[];
  /** The values that texts stand for, if text is coerced. */
  readonly texts?: ReadonlyMap<string, LiteralValue>;
}

export interface ObjectNode extends NodeBase {
  readonly kind: "object";
  readonly properties: readonly PropertyNode[];
  readonly mode: ParserMode;
}

export interface PropertyNode {
  readonly key: string;
  readonly node: SchemaNode;
}

export interface ArrayNode extends NodeBase {
  readonly kind: "array";
  readonly items: SchemaNode;
  readonly minLength: number;
  readonly maxLength: number;
  readonly unique: boolean;
  /** Whether a value that is not an array becomes an array with that value. */
  readonly wrap: boolean;
}

/** The longest array without a `maxLength` of its own. An array whose items may be absent would have no other bound. */
export const longestList: number = 2 ** 24;

export interface DictNode extends NodeBase {
  readonly kind: "dict";
  readonly values: SchemaNode;
}

export interface UnionNode extends NodeBase {
  readonly kind: "union";
  readonly alternatives: readonly SchemaNode[];
  readonly discriminator?: Discriminator;
}

/** The property that chooses an alternative; all alternatives are objects. */
export interface Discriminator {
  readonly key: string;
  /** Which alternative each value of the property stands for. */
  readonly indexes: ReadonlyMap<unknown, number>;
  /** The values in words. */
  readonly expected: string;
}

/** A node around this node, used again: recursion. */
export interface RefNode extends NodeBase {
  readonly kind: "ref";
  readonly target: RefTarget;
}

/** The node that refs lead to. */
export interface RefTarget {
  readonly id: string;
  /** How many levels a value may nest. */
  readonly maxDepth: number;
  /** Set as soon as the target is read. */
  node: SchemaNode;
}

/** A registered function. */
export interface CustomNode extends NodeBase {
  readonly kind: "custom";
  readonly name: string;
  /** Returns the parsed value, or undefined. */
  readonly parse: (value: unknown) => unknown;
  /** Whether the function must return the value that it was given. */
  readonly unchanged: boolean;
}

/** A schema of another library. It alone decides about undefined and null. */
export interface StandardNode extends NodeBase {
  readonly kind: "standard";
  readonly schema: StandardSchema;
  /** Whether the schema must return the value that it was given. */
  readonly unchanged: boolean;
}

/** The keys that no object may have: assigning or reading them reaches its prototype. */
export const forbiddenKeys: readonly string[] = ["__proto__", "constructor", "prototype"];

/** The schemas within a node, each with its place in the schema. Refs are not followed. */
export function partsOf(node: SchemaNode): readonly (readonly [place: string, part: SchemaNode])[] {
  switch (node.kind) {
    case "object":
      return node.properties.map(({ key, node }) => [key, node]);
    case "array":
      return [["items", node.items]];
    case "dict":
      return [["values", node.values]];
    case "union":
      return node.alternatives.map((part, index) => [`anyOf.${index}`, part]);
    default:
      return [];
  }
}

const noTargets: ReadonlySet<RefTarget> = new Set();

/** Whether parsing with this node can return another value than the given one. */
export function isTransforming(node: SchemaNode, open: ReadonlySet<RefTarget> = noTargets): boolean {
  if (node.fallback !== undefined) return true;
  switch (node.kind) {
    case "string":
      return node.transform !== undefined;
    case "number":
    case "bigint":
    case "boolean":
    case "date":
      return node.coerce;
    case "values":
      return node.texts !== undefined;
    case "object":
      return (
        node.mode === "remove_extra" ||
        node.properties.some((property) => isTransforming(property.node, open))
      );
    case "array":
      return node.wrap || isTransforming(node.items, open);
    case "dict":
      return isTransforming(node.values, open);
    case "union":
      return node.alternatives.some((alternative) => isTransforming(alternative, open));
    case "ref":
      return !open.has(node.target) && isTransforming(node.target.node, new Set([...open, node.target]));
    case "custom":
    case "standard":
      return true;
    default:
      return false;
  }
}
