import { type AssignmentNode, createAssignmentNode } from "../ast/write-nodes.js";
import { toValue, type Value } from "../sql/named-param.js";
import { RawSQL } from "../sql/raw-sql.js";
import { checkRow } from "./check-arguments.js";
import { checkColumn, type Operand, toNodes, toRawOperand, toValueOperand } from "./operand.js";

/** An object that maps column names to new values. A column whose value is undefined is not changed. */
export interface Assignments {
  readonly keys: readonly unknown[];
  readonly values: readonly Value[];
  toNodes(slot: number): readonly AssignmentNode[];
}

export function toAssignments(given: unknown, taker: string): Assignments {
  const row = checkRow(given, taker);
  const keys: unknown[] = [];
  const values: Value[] = [];
  const columns: string[] = [];
  const operands: Operand[] = [];
  for (const column of Object.keys(row)) {
    const value = row[column];
    if (value === undefined) continue;
    checkColumn(column);
    const operand =
      value instanceof RawSQL
        ? toRawOperand(value)
        : toValueOperand(toValue(value, `The value of "${column}"`));
    keys.push(column, ...operand.keys);
    values.push(...operand.values);
    columns.push(column);
    operands.push(operand);
  }
  return {
    keys,
    values,
    toNodes: (slot) =>
      toNodes(operands, slot).map((node, index) => createAssignmentNode(columns[index] as string, node)),
  };
}
