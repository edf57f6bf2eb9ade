import type { ConditionNode } from "./condition-node.js";
import type { ColumnNode, ExpressionNode } from "./expression-node.js";

/** A whole INSERT: each row has one expression per column. */
export interface InsertNode {
  readonly kind: "insert";
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly ExpressionNode[])[];
  readonly returning: readonly ColumnNode[];
}

/** One `column = expression` of an UPDATE. */
export interface AssignmentNode {
  readonly kind: "assignment";
  readonly column: string;
  readonly value: ExpressionNode;
}

/** A whole UPDATE; `everyRow` says that having no condition is meant. */
export interface UpdateNode {
  readonly kind: "update";
  readonly table: string;
  readonly set: readonly AssignmentNode[];
  readonly where: readonly ConditionNode[];
  readonly everyRow: boolean;
  readonly returning: readonly ColumnNode[];
}

/** A whole DELETE; `everyRow` says that having no condition is meant. */
export interface DeleteNode {
  readonly kind: "delete";
  readonly table: string;
  readonly where: readonly ConditionNode[];
  readonly everyRow: boolean;
  readonly returning: readonly ColumnNode[];
}

const nothing: readonly never[] = Object.freeze([]);

export function createInsertNode(table: string): InsertNode {
  return Object.freeze({ kind: "insert", table, columns: nothing, rows: nothing, returning: nothing });
}

export function createUpdateNode(table: string): UpdateNode {
  return Object.freeze({
    kind: "update",
    table,
    set: nothing,
    where: nothing,
    everyRow: false,
    returning: nothing,
  });
}

export function createDeleteNode(table: string): DeleteNode {
  return Object.freeze({ kind: "delete", table, where: nothing, everyRow: false, returning: nothing });
}

export function createAssignmentNode(column: string, value: ExpressionNode): AssignmentNode {
  return Object.freeze({ kind: "assignment", column, value });
}

export function extendInsertNode(node: InsertNode, changes: Partial<InsertNode>): InsertNode {
  return Object.freeze({ ...node, ...changes });
}

export function extendUpdateNode(node: UpdateNode, changes: Partial<UpdateNode>): UpdateNode {
  return Object.freeze({ ...node, ...changes });
}

export function extendDeleteNode(node: DeleteNode, changes: Partial<DeleteNode>): DeleteNode {
  return Object.freeze({ ...node, ...changes });
}
