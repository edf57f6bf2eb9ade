import type { ConditionNode } from "./condition-node.js";
import type { ColumnNode, RawNode } from "./expression-node.js";

/** A table and the name it has in the statement. */
export interface TableNode {
  readonly kind: "table";
  readonly name: string;
  readonly alias: string | undefined;
}

export interface JoinNode {
  readonly kind: "join";
  readonly type: "INNER" | "LEFT";
  readonly table: TableNode;
  readonly on: readonly ConditionNode[];
}

export interface OrderNode {
  readonly kind: "order";
  readonly operand: ColumnNode | RawNode;
  readonly direction: "ASC" | "DESC";
  readonly nulls: "FIRST" | "LAST" | undefined;
}

/** A whole SELECT. */
export interface SelectNode {
  readonly kind: "select";
  readonly columns: readonly (ColumnNode | RawNode)[];
  readonly distinct: boolean;
  readonly from: TableNode | undefined;
  readonly joins: readonly JoinNode[];
  readonly where: readonly ConditionNode[];
  readonly groupBy: readonly (ColumnNode | RawNode)[];
  readonly orderBy: readonly OrderNode[];
  readonly limit: number | undefined;
  readonly offset: number | undefined;
}

const nothing: readonly never[] = Object.freeze([]);

const emptySelect: SelectNode = Object.freeze({
  kind: "select",
  columns: nothing,
  distinct: false,
  from: undefined,
  joins: nothing,
  where: nothing,
  groupBy: nothing,
  orderBy: nothing,
  limit: undefined,
  offset: undefined,
});

export function createSelectNode(columns: (ColumnNode | RawNode)[]): SelectNode {
  return columns.length === 0
    ? emptySelect
    : extendSelectNode(emptySelect, { columns: Object.freeze(columns) });
}

export function extendSelectNode(node: SelectNode, changes: Partial<SelectNode>): SelectNode {
  return Object.freeze({ ...node, ...changes });
}

export function createTableNode(name: string, alias?: string): TableNode {
  return Object.freeze({ kind: "table", name, alias });
}

export function createJoinNode(
  type: JoinNode["type"],
  table: TableNode,
  on: readonly ConditionNode[],
): JoinNode {
  return Object.freeze({ kind: "join", type, table, on });
}

export function createOrderNode(
  operand: ColumnNode | RawNode,
  direction: OrderNode["direction"],
  nulls: OrderNode["nulls"],
): OrderNode {
  return Object.freeze({ kind: "order", operand, direction, nulls });
}
