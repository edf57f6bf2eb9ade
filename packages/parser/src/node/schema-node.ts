import type { StringFormat } from "../formats/string-formats.js";
import type { LiteralValue, ParserMode } from "../schema/schema.js";
import type { StandardSchema } from "../schema/standard-schema.js";

/**
 * A schema in its one internal form: short and long forms are resolved, options are settled into the nodes that
 * they concern. Both compilers read only this.
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

/** What holds for every kind. */
export interface NodeBase {
  /** Whether undefined passes. */
  readonly optional: boolean;
  /** Whether null passes. */
  readonly nullable: boolean;
  /** What an undefined value becomes. */
  readonly fallback?: { readonly value: unknown };
  readonly description?: string;
  /** What the value is asked at last; the first that refuses ends it. */
  readonly rules?: readonly Rule[];
  /** What refs within this node lead to it by. */
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
  /** What becomes of a string that fits. */
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

/** Everything that is present, unread. */
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
  /** The values that texts stand for, where text is coerced. */
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
  /** Whether a value that is not a list becomes a list of itself. */
  readonly wrap: boolean;
}

/** The length of lists that say nothing of theirs: one whose items may be absent would have no other bound. */
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

/** What chooses an alternative, all of them being objects. */
export interface Discriminator {
  readonly key: string;
  /** Which alternative each value of the property stands for. */
  readonly indexes: ReadonlyMap<unknown, number>;
  /** The values in words. */
  readonly expected: string;
}

/** A node around this one, again. */
export interface RefNode extends NodeBase {
  readonly kind: "ref";
  readonly target: RefTarget;
}

/** What refs lead to. */
export interface RefTarget {
  readonly id: string;
  /** How many levels a value may nest. */
  readonly maxDepth: number;
  /** Set as soon as it is read. */
  node: SchemaNode;
}

/** A registered function. */
export interface CustomNode extends NodeBase {
  readonly kind: "custom";
  readonly name: string;
  /** Answers with the parsed value, or with undefined. */
  readonly parse: (value: unknown) => unknown;
  /** Whether what it answers with must be what it was given. */
  readonly unchanged: boolean;
}

/** A schema of another library; it decides alone about undefined and null. */
export interface StandardNode extends NodeBase {
  readonly kind: "standard";
  readonly schema: StandardSchema;
  /** Whether what it answers with must be what it was given. */
  readonly unchanged: boolean;
}

/** Keys that no object may have, since assigning or reading them reaches its prototype. */
export const forbiddenKeys: readonly string[] = ["__proto__", "constructor", "prototype"];

/** The schemas within a node, each with its place in the schema; refs lead nowhere. */
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

/** Whether parsing with this node can answer with something other than the value it was given. */
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
