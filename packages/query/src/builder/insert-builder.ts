import type { ExpressionNode } from "../ast/expression-node.js";
import { extendInsertNode, type InsertNode } from "../ast/write-nodes.js";
import { QueryArgumentError } from "../errors.js";
import type { Row } from "../values/row.js";
import { checkRow, toColumnNodes, toWrittenNode } from "./check-arguments.js";
import { StatementBuilder } from "./statement-builder.js";

/** An INSERT. */
export class InsertBuilder<Result extends Row = Row> extends StatementBuilder<InsertNode, Result> {
  /**
   * The rows to insert; a second call adds further rows.
   * A column whose value is undefined is left to its default; all rows give the same columns.
   */
  values(rows: Row | readonly Row[]): this {
    const list: readonly unknown[] = Array.isArray(rows) ? rows : [rows];
    if (list.length === 0) throw new QueryArgumentError("values() was given no rows; pass at least one.");
    const columns = this.node.rows.length > 0 ? this.node.columns : columnsOf(list[0]);
    const added = Array.from(list, (row, index) => toTuple(row, columns, index));
    if (columns.length === 0 && this.node.rows.length + added.length > 1) {
      throw new QueryArgumentError("values() takes one row at a time when the rows have no columns.");
    }
    return this.#extend({ columns, rows: Object.freeze([...this.node.rows, ...added]) });
  }

  /** The columns of the inserted rows to resolve to; all of them when none is named. */
  returning(...columns: string[]): this {
    return this.#extend({ returning: toColumnNodes(columns.length === 0 ? ["*"] : columns) });
  }

  protected override complete(): InsertNode {
    if (this.node.rows.length === 0)
      throw new QueryArgumentError("An insert needs rows; add .values({ ... }).");
    return this.node;
  }

  #extend(changes: Partial<InsertNode>): this {
    return new InsertBuilder<Result>(extendInsertNode(this.node, changes), this.runner) as this;
  }
}

function columnsOf(row: unknown): readonly string[] {
  const checked = checkRow(row, "values()");
  return Object.freeze(Object.keys(checked).filter((column) => checked[column] !== undefined));
}

function toTuple(row: unknown, columns: readonly string[], index: number): readonly ExpressionNode[] {
  const checked = checkRow(row, "values()");
  const given = columnsOf(checked);
  const different =
    columns.find((column) => !given.includes(column)) ?? given.find((column) => !columns.includes(column));
  if (different !== undefined) {
    throw new QueryArgumentError(
      `Row ${index + 1} of values() differs from the first in the column "${different}"; give it in every row (null ` +
        "where there is no value) or in none.",
    );
  }
  return Object.freeze(columns.map((column) => toWrittenNode(checked[column], column)));
}
