import type { SelectNode } from "./select-node.js";

/*
 * Nodes hold no values. A node says in which slot of its statement's array of values its own values begin. A node
 * inside another node (a group, a subquery) counts its slots from 0 again, and its `slot` says where they begin.
 */

/** A column by its name, with or without its table (`title`, `posts.title`, `posts.*`), and its alias. */
export interface ColumnNode {
  readonly kind: "column";
  readonly name: string;
  readonly alias: string | undefined;
}

/** A value that is sent beside the SQL text. */
export interface ParamNode {
  readonly kind: "param";
  readonly slot: number;
}

/** SQL text as its author wrote it: `segments` lie around the places of values. */
export interface RawNode {
  readonly kind: "raw";
  readonly segments: readonly string[];
  readonly alias: string | undefined;
  readonly slot: number;
}

export type AggregateName = "count" | "sum" | "avg" | "min" | "max";

/** An aggregate of many rows. Without a column the rows are counted. */
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

/** Every node that can stand for a value in a statement. */
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
