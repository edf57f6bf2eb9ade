import type { LiteralValue, ParserMode } from "../schema/schema.js";
import type { StandardSchema } from "../schema/standard-schema.js";

/**
 * A schema in its one internal form: short and long forms are resolved, options are settled into the nodes that
 * they concern. Both compilers read only this.
 */
export type SchemaNode =
  | StringNode
  | NumberNode
  | BooleanNode
  | UnknownNode
  | NullNode
  | FunctionNode
  | ValuesNode
  | ObjectNode
  | ArrayNode
  | DictNode
  | UnionNode
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
}

export interface StringNode extends NodeBase {
  readonly kind: "string";
  readonly minLength: number;
  readonly maxLength: number;
  readonly pattern?: RegExp;
  readonly format?: StringFormat;
}

/** Strings with a grammar of their own. */
export type StringFormat = "email" | "uuid";

export interface NumberNode extends NodeBase {
  readonly kind: "number";
  readonly integer: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly multipleOf?: number;
  readonly coerce: boolean;
}

export interface BooleanNode extends NodeBase {
  readonly kind: "boolean";
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

export interface DictNode extends NodeBase {
  readonly kind: "dict";
  readonly values: SchemaNode;
}

export interface UnionNode extends NodeBase {
  readonly kind: "union";
  readonly alternatives: readonly SchemaNode[];
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

/** Whether parsing with this node can answer with something other than the value it was given. */
export function isTransforming(node: SchemaNode): boolean {
  if (node.fallback !== undefined) return true;
  switch (node.kind) {
    case "number":
    case "boolean":
      return node.coerce;
    case "values":
      return node.texts !== undefined;
    case "object":
      return (
        node.mode === "remove_extra" || node.properties.some((property) => isTransforming(property.node))
      );
    case "array":
      return node.wrap || isTransforming(node.items);
    case "dict":
      return isTransforming(node.values);
    case "union":
      return node.alternatives.some(isTransforming);
    case "standard":
      return true;
    default:
      return false;
  }
}
