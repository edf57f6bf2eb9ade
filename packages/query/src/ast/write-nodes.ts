import type { ConditionNode } from "./condition-node.js";
import type { ColumnNode, ExpressionNode, RawNode, SubqueryNode } from "./expression-node.js";

/**
 * The rows of an INSERT. Their values begin at `slot`, row by row. `raws` contains the cells that are raw SQL, by their
 * position. The values of this SQL follow after the values of all other cells.
 */
export interface RowsNode {
  readonly kind: "rows";
  readonly count: number;
  readonly slot: number;
  readonly raws: ReadonlyMap<number, RawNode>;
}

/** The ON CONFLICT clause of an INSERT. The columns of the conflict identify the existing row. */
export interface ConflictNode {
  readonly kind: "conflict";
  readonly columns: readonly string[];
  /** The new values. If this array is empty, the existing row is not changed. */
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

/** The value of a column in the row that the INSERT could not insert, `excluded.column`. */
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

/** A whole UPDATE. `everyRow` is true if the caller allowed an UPDATE without a condition. */
export interface UpdateNode {
  readonly kind: "update";
  readonly table: string;
  readonly set: readonly AssignmentNode[];
  readonly where: readonly ConditionNode[];
  readonly everyRow: boolean;
  readonly returning: readonly ColumnNode[];
}

/** A whole DELETE. `everyRow` is true if the caller allowed a DELETE without a condition. */
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
