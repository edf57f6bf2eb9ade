import { createRawNode, createSubqueryNode, type RawNode } from "../ast/expression-node.js";
import type { Shape } from "../ast/shape.js";
import {
  type ConflictNode,
  createAssignmentNode,
  createConflictNode,
  createExcludedNode,
  createRowsNode,
  type InsertNode,
} from "../ast/write-nodes.js";
import { QueryArgumentError } from "../errors.js";
import { toValue, type Value } from "../sql/named-param.js";
import { RawSQL } from "../sql/raw-sql.js";
import { describeValue } from "../values/describe-value.js";
import { isPlain } from "../values/parameter.js";
import type { Row } from "../values/row.js";
import { toAssignments } from "./assignments.js";
import { checkRow } from "./check-arguments.js";
import { type AnySelect, checkColumn, checkSelect } from "./operand.js";
import { toReturningNodes } from "./returning.js";
import type { Returnable, Returned, Written } from "./schema-types.js";
import { partsOf } from "./shaped-builder.js";
import { StatementBuilder } from "./statement-builder.js";

/** An INSERT. */
export class InsertBuilder<Columns = Row, Result = Row> extends StatementBuilder<InsertNode, Result> {
  /**
   * Sets the rows to insert. A second call adds more rows. A column whose value is undefined gets its default. All rows
   * must give the same columns.
   */
  values(rows: Written<Columns> | readonly Written<Columns>[]): this {
    const list: readonly unknown[] = Array.isArray(rows) ? rows : [rows];
    if (list.length === 0) throw new QueryArgumentError("values() was given no rows; pass at least one.");
    const { source } = this.node;
    if (!Array.isArray(source)) throw new QueryArgumentError("An insert takes values() or from(), not both.");
    const columns = source.length > 0 ? this.node.columns : columnsOf(list[0]);
    const values: Value[] = [];
    const raws = new Map<number, RawSQL<unknown, string>>();
    for (let index = 0; index < list.length; index++) {
      const row = checkRow(list[index], "values()");
      checkSameColumns(row, columns, index);
      for (let column = 0; column < columns.length; column++) {
        const name = columns[column] as string;
        const value = row[name];
        if (value instanceof RawSQL) raws.set(index * columns.length + column, value);
        else values.push(isPlain(value) ? value : toValue(value, `The value of "${name}"`));
      }
    }
    if (columns.length === 0 && source.length + list.length > 1) {
      throw new QueryArgumentError("values() takes only one row if the rows have no columns.");
    }
    const keys: unknown[] = ["values", ...columns, list.length];
    const cells = values.length;
    for (const [cell, raw] of raws) {
      keys.push(cell, raw.template);
      values.push(...raw.values);
    }
    return this.grow(keys, values, (_, slot) => ({
      columns: Object.freeze(columns),
      source: Object.freeze([
        ...source,
        createRowsNode({ count: list.length, slot, raws: toRawNodes(raws, slot + cells) }),
      ]),
    }));
  }

  /** Inserts the rows of a SELECT into these columns: `insert("archive").from(select, "id", "title")`. */
  from(select: AnySelect, ...columns: (keyof Columns & string)[]): this {
    const { shape, values } = partsOf(checkSelect(select, "from()"));
    for (const column of columns) checkColumn(column);
    if (Array.isArray(this.node.source) && this.node.source.length > 0) {
      throw new QueryArgumentError("An insert takes values() or from(), not both.");
    }
    return this.grow(["from", shape, ...columns], values, (_, slot) => ({
      columns: Object.freeze([...columns]),
      source: createSubqueryNode(shape.node, slot),
    }));
  }

  /**
   * Begins the ON CONFLICT clause: it applies if an existing row has the same values in these columns. The columns must
   * have a common unique index or primary key.
   */
  onConflict(...columns: (keyof Columns & string)[]): ConflictBuilder<Columns, Result> {
    for (const column of columns) checkColumn(column);
    return new ConflictBuilder<Columns, Result>(columns, (keys, values, toNode) =>
      this.grow(["conflict", columns.length, ...columns, ...keys], values, (_, slot) => ({
        conflict: toNode(slot),
      })),
    );
  }

  /** Returns these columns of the inserted rows. Without arguments, it returns all columns. */
  returning<Name extends Returnable<Columns> = never>(
    ...columns: Name[]
  ): InsertBuilder<Columns, Returned<Columns, Name>> {
    return this.grow(["returning", ...columns], [], () => ({
      returning: toReturningNodes(columns),
    })) as never;
  }

  protected override complete(): void {
    if (Array.isArray(this.node.source) && this.node.source.length === 0) {
      throw new QueryArgumentError("An insert needs rows; add .values({ ... }) or .from(select).");
    }
  }

  protected override derive(shape: Shape<InsertNode>, values: readonly Value[]): this {
    return new InsertBuilder<Columns, Result>(shape, values, this.runner) as this;
  }
}

/** Adds the ON CONFLICT clause to an INSERT. */
type AddConflict<Columns, Result> = (
  keys: readonly unknown[],
  values: readonly Value[],
  toNode: (slot: number) => ConflictNode,
) => InsertBuilder<Columns, Result>;

/** The result of `onConflict(columns)`. Call one of its methods to choose the action. */
export class ConflictBuilder<Columns, Result> {
  readonly #columns: readonly string[];
  readonly #add: AddConflict<Columns, Result>;

  constructor(columns: readonly string[], add: AddConflict<Columns, Result>) {
    this.#columns = columns;
    this.#add = add;
  }

  /** Does not change the existing row. */
  doNothing(): InsertBuilder<Columns, Result> {
    return this.#add(["nothing"], [], () => createConflictNode(this.#columns, []));
  }

  /**
   * Changes the existing row. With an array of columns, these columns get the values of the new row. With an object,
   * the columns get the values of the object.
   */
  doUpdate(set: readonly (keyof Columns & string)[] | Written<Columns>): InsertBuilder<Columns, Result> {
    if (this.#columns.length === 0) {
      throw new QueryArgumentError('doUpdate() needs the columns of the conflict: onConflict("id").');
    }
    if (Array.isArray(set)) {
      for (const column of set) checkColumn(column);
      if (set.length === 0) throw new QueryArgumentError("doUpdate() was given no columns; use doNothing().");
      return this.#add(["update", ...set], [], () =>
        createConflictNode(
          this.#columns,
          set.map((column) => createAssignmentNode(column, createExcludedNode(column))),
        ),
      );
    }
    const assignments = toAssignments(set, "doUpdate()");
    if (assignments.keys.length === 0) {
      throw new QueryArgumentError("doUpdate() was given no values; use doNothing().");
    }
    return this.#add(["set", ...assignments.keys], assignments.values, (slot) =>
      createConflictNode(this.#columns, assignments.toNodes(slot)),
    );
  }
}

function columnsOf(row: unknown): readonly string[] {
  const checked = checkRow(row, "values()");
  const columns: string[] = [];
  for (const column of Object.keys(checked)) {
    if (checked[column] === undefined) continue;
    checkColumn(column);
    columns.push(column);
  }
  return columns;
}

function checkSameColumns(row: Record<string, unknown>, columns: readonly string[], index: number): void {
  if (index === 0 && columns.length > 0) {
    const keys = Object.keys(row);
    if (keys.length === columns.length && keys.every((key, at) => key === columns[at])) return;
  }
  const given = columnsOf(row);
  const different =
    columns.find((column) => !given.includes(column)) ?? given.find((column) => !columns.includes(column));
  if (different !== undefined) {
    throw new QueryArgumentError(
      `Row ${index + 1} of values() differs from the first in the column ${describeValue(different)}; give it in every ` +
        "row (null where there is no value) or in none.",
    );
  }
}

function toRawNodes(
  raws: ReadonlyMap<number, RawSQL<unknown, string>>,
  slot: number,
): ReadonlyMap<number, RawNode> {
  const nodes = new Map<number, RawNode>();
  let next = slot;
  for (const [cell, raw] of raws) {
    nodes.set(cell, createRawNode(raw.segments, next));
    next += raw.values.length;
  }
  return nodes;
}
