import type { ConditionNode } from "./condition-node.js";
import type { ColumnNode, ExpressionNode, RawNode, SubqueryNode } from "./expression-node.js";

/**
 * Rows of values that follow each other from `slot` on, row by row. Some cells, listed by their position, may be raw
 * SQL; the values of that SQL come after the values of the cells.
 */
export interface RowsNode {
  readonly kind: "rows";
  readonly count: number;
  readonly slot: number;
  readonly raws: ReadonlyMap<number, RawNode>;
}

/** The action of an INSERT on a row that already exists, found by the columns of the conflict. */
export interface ConflictNode {
  readonly kind: "conflict";
  readonly columns: readonly string[];
  /** The new values. Without any, the existing row stays as it is. */
  readonly set: readonly AssignmentNode[];
}

/** A whole INSERT. */
export interface InsertNode {
  readonly kind: "insert";
  readonly table: string;
  readonly columns: readonly string[];
  readonly source: readonly RowsNode[] | SubqueryNode;
  readonly conflict: ConflictNode | undefined;
  readonly returning: readonly ColumnNode[];
}

/** The value that an INSERT was about to write into a column. */
export interface ExcludedNode {
  readonly kind: "excluded";
  readonly column: string;
}

/** One `column = expression` of an UPDATE. */
export interface AssignmentNode {
  readonly kind: "assignment";
  readonly column: string;
  readonly value: ExpressionNode | ExcludedNode;
}

/** A whole UPDATE. `everyRow` says that it is meant to have no condition. */
export interface UpdateNode {
  readonly kind: "update";
  readonly table: string;
  readonly set: readonly AssignmentNode[];
  readonly where: readonly ConditionNode[];
  readonly everyRow: boolean;
  readonly returning: readonly ColumnNode[];
}

/** A whole DELETE. `everyRow` says that it is meant to have no condition. */
export interface DeleteNode {
  readonly kind: "delete";
  readonly table: string;
  readonly where: readonly ConditionNode[];
  readonly everyRow: boolean;
  readonly returning: readonly ColumnNode[];
}

const nothing: readonly never[] = Object.freeze([]);

export function createInsertNode(table: string): InsertNode {
  return Object.freeze({
    kind: "insert",
    table,
    columns: nothing,
    source: nothing,
    conflict: undefined,
    returning: nothing,
  });
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

export function createAssignmentNode(column: string, value: AssignmentNode["value"]): AssignmentNode {
  return Object.freeze({ kind: "assignment", column, value });
}

export function createRowsNode(node: Omit<RowsNode, "kind">): RowsNode {
  return Object.freeze({ kind: "rows", ...node });
}

export function createConflictNode(columns: readonly string[], set: readonly AssignmentNode[]): ConflictNode {
  return Object.freeze({ kind: "conflict", columns, set });
}

export function createExcludedNode(column: string): ExcludedNode {
  return Object.freeze({ kind: "excluded", column });
}
