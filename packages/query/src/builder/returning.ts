import { type ColumnNode, createColumnNode } from "../ast/expression-node.js";
import { toSelectedNode } from "./operand.js";

const everyColumn: readonly ColumnNode[] = Object.freeze([createColumnNode("*")]);

/** The columns of written rows to return; all columns if none is named. */
export function toReturningNodes(columns: readonly string[]): readonly ColumnNode[] {
  return columns.length === 0 ? everyColumn : Object.freeze(columns.map(toSelectedNode));
}
