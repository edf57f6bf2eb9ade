import type { ConditionNode } from "./condition-node.js";
import type { ExpressionNode, ParamNode } from "./expression-node.js";

/** A table and its alias in the statement. */
export interface TableNode {
  readonly kind: "table";
  readonly name: string;
  readonly alias: string | undefined;
}

/** A SELECT in the FROM or JOIN clause. */
export interface DerivedTableNode {
  readonly kind: "derived-table";
  readonly select: SelectNode;
  readonly alias: string;
  readonly slot: number;
}

export type JoinType = "INNER" | "LEFT" | "RIGHT" | "FULL";

export interface JoinNode {
  readonly kind: "join";
  readonly type: JoinType;
  readonly table: TableNode | DerivedTableNode;
  readonly on: readonly ConditionNode[];
  /** The first slot of the values of the conditions. */
  readonly slot: number;
}

export interface OrderNode {
  readonly kind: "order";
  readonly operand: ExpressionNode;
  readonly direction: "ASC" | "DESC";
  readonly nulls: "FIRST" | "LAST" | undefined;
}

/** A SELECT with a name in the WITH clause. */
export interface WithNode {
  readonly kind: "with";
  readonly name: string;
  readonly select: SelectNode;
  readonly slot: number;
}

/** A SELECT after UNION or UNION ALL. */
export interface UnionNode {
  readonly kind: "union";
  readonly all: boolean;
  readonly select: SelectNode;
  readonly slot: number;
}

/** A whole SELECT. */
export interface SelectNode {
  readonly kind: "select";
  readonly with: readonly WithNode[];
  readonly columns: readonly ExpressionNode[];
  readonly distinct: boolean;
  readonly from: TableNode | DerivedTableNode | undefined;
  readonly joins: readonly JoinNode[];
  readonly where: readonly ConditionNode[];
  readonly groupBy: readonly ExpressionNode[];
  readonly having: readonly ConditionNode[];
  readonly unions: readonly UnionNode[];
  readonly orderBy: readonly OrderNode[];
  readonly limit: ParamNode | undefined;
  readonly offset: ParamNode | undefined;
  /** Whether only the first row is needed. The statement then has LIMIT 1. */
  readonly single: boolean;
  readonly forUpdate: boolean;
}

const nothing: readonly never[] = Object.freeze([]);

export const emptySelect: SelectNode = Object.freeze({
  kind: "select",
  with: nothing,
  columns: nothing,
  distinct: false,
  from: undefined,
  joins: nothing,
  where: nothing,
  groupBy: nothing,
  having: nothing,
  unions: nothing,
  orderBy: nothing,
  limit: undefined,
  offset: undefined,
  single: false,
  forUpdate: false,
});

export function createTableNode(name: string, alias?: string): TableNode {
  return Object.freeze({ kind: "table", name, alias });
}

export function createDerivedTableNode(select: SelectNode, alias: string, slot: number): DerivedTableNode {
  return Object.freeze({ kind: "derived-table", select, alias, slot });
}

export function createJoinNode(node: Omit<JoinNode, "kind">): JoinNode {
  return Object.freeze({ kind: "join", ...node });
}

export function createOrderNode(
  operand: ExpressionNode,
  direction: OrderNode["direction"],
  nulls: OrderNode["nulls"],
): OrderNode {
  return Object.freeze({ kind: "order", operand, direction, nulls });
}

export function createWithNode(name: string, select: SelectNode, slot: number): WithNode {
  return Object.freeze({ kind: "with", name, select, slot });
}

export function createUnionNode(all: boolean, select: SelectNode, slot: number): UnionNode {
  return Object.freeze({ kind: "union", all, select, slot });
}
