import type { SelectNode } from "./select-node.js";

/*
 * Nodes contain no values. The values of a statement are in one array, and `slot` is the index of a node's first value
 * in this array. In a group or a subquery, the slots of the inner nodes begin with 0. Its own `slot` is the index at
 * which these values begin in the outer array.
 */

/** A column by its name, with or without the name of its table (`title`, `posts.title`, `posts.*`), and its alias. */
export interface ColumnNode {
  readonly kind: "column";
  readonly name: string;
  readonly alias: string | undefined;
}

/** A value that is sent as a parameter. */
export interface ParamNode {
  readonly kind: "param";
  readonly slot: number;
}

/** Raw SQL of the caller: `segments` are the pieces of text before, between and after the placeholders. */
export interface RawNode {
  readonly kind: "raw";
  readonly segments: readonly string[];
  readonly alias: string | undefined;
  readonly slot: number;
}

export type AggregateName = "count" | "sum" | "avg" | "min" | "max";

/** An aggregate function such as `sum`. `count` without a column counts the rows. */
export interface AggregateNode {
  readonly kind: "aggregate";
  readonly name: AggregateName;
  readonly column: string | undefined;
  readonly distinct: boolean;
  readonly alias: string;
}

/** A SELECT in parentheses. */
export interface SubqueryNode {
  readonly kind: "subquery";
  readonly select: SelectNode;
  readonly slot: number;
}

/** All nodes that are expressions. */
export type ExpressionNode = ColumnNode | ParamNode | RawNode | AggregateNode | SubqueryNode;

export function createColumnNode(name: string, alias?: string): ColumnNode {
  return Object.freeze({ kind: "column", name, alias });
}

export function createParamNode(slot: number): ParamNode {
  return Object.freeze({ kind: "param", slot });
}

export function createRawNode(
  segments: readonly string[],
  slot: number,
  alias: string | undefined = undefined,
): RawNode {
  return Object.freeze({ kind: "raw", segments, alias, slot });
}

export function createAggregateNode(node: Omit<AggregateNode, "kind">): AggregateNode {
  return Object.freeze({ kind: "aggregate", ...node });
}

export function createSubqueryNode(select: SelectNode, slot: number): SubqueryNode {
  return Object.freeze({ kind: "subquery", select, slot });
}
