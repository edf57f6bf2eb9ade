import { type ColumnNode, createColumnNode } from "../ast/expression-node.js";
import { toSelectedNode } from "./operand.js";

const everyColumn: readonly ColumnNode[] = Object.freeze([createColumnNode("*")]);

/** The nodes of the RETURNING columns; all columns if `columns` is empty. */
export function toReturningNodes(columns: readonly string[]): readonly ColumnNode[] {
  return columns.length === 0 ? everyColumn : Object.freeze(columns.map(toSelectedNode));
}
