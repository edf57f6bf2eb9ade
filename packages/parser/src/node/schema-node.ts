import type { StringFormat } from "../formats/string-formats.js";
import type { LiteralValue, ParserMode } from "../schema/schema.js";
import type { StandardSchema } from "../schema/standard-schema.js";

/**
 * The internal form of a schema. Short and long forms have the same nodes, and each node contains its options. Both
 * compilers read only nodes.
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
  /** Whether undefined is accepted. */
  readonly optional: boolean;
  /** Whether null is accepted. */
  readonly nullable: boolean;
  /** The value that replaces undefined. */
  readonly fallback?: { readonly value: unknown };
  readonly description?: string;
  /** The rules, which are called after all other checks. The first rule that refuses the value ends the check. */
  readonly rules?: readonly Rule[];
  /** The target of the refs inside this node that refer to it. */
  readonly self?: RefTarget;
}

/** The `refine` of a schema. It returns true, false, or a reason for refusing the value. */
export type Rule = (value: unknown) => unknown;

export interface StringNode extends NodeBase {
  readonly kind: "string";
  readonly minLength: number;
  readonly maxLength: number;
  readonly pattern?: RegExp;
  readonly format?: StringFormat;
  /** The conversion of a string that fits. */
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

/** A `Date`. With `coerce`, also a string with a day or an instant. */
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
  /** The values for strings, if strings are coerced. */
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

/**
 * The maximum length of an array without a `maxLength`. Without it, an array whose items may be absent could have any
 * length.
 */
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

/** The property whose value selects the alternative of a union. All alternatives are objects. */
export interface Discriminator {
  readonly key: string;
  /** The index of the alternative for each value of the property. */
  readonly indexes: ReadonlyMap<unknown, number>;
  /** The allowed values in the form of a message. */
  readonly expected: string;
}

/** A reference to a surrounding node, for recursive schemas. */
export interface RefNode extends NodeBase {
  readonly kind: "ref";
  readonly target: RefTarget;
}

/** The target of refs. */
export interface RefTarget {
  readonly id: string;
  /** The maximum depth of a value. */
  readonly maxDepth: number;
  /** The node of the target. It is set when the target has been read. */
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

/** A schema of another library. This schema decides whether it accepts undefined and null. */
export interface StandardNode extends NodeBase {
  readonly kind: "standard";
  readonly schema: StandardSchema;
  /** Whether the schema must return the value that it was given. */
  readonly unchanged: boolean;
}

/** The keys that are forbidden in all objects, because code that reads or assigns them can reach the prototype. */
export const forbiddenKeys: readonly string[] = ["__proto__", "constructor", "prototype"];

/** The child nodes of a node, each with its path in the schema. Refs are not followed. */
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

/** Whether parsing can return another value than the given value. */
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
