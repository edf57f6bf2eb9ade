import { splitName } from "../../../builder/split-name.js";
import type { ColumnTarget, Query } from "../../../driver/driver.js";
import { ArrayValue } from "../../../values/array-value.js";
import { toColumnType } from "../values/sqlite-conversions.js";

/** A column of a table as SQLite describes it. */
export interface TableColumn {
  readonly name: string;
  readonly type: string;
}

/** Gives the columns of a table, with its schema if the name has one. */
export const tableColumnsSql = {
  anywhere: "SELECT name, type FROM pragma_table_xinfo(?)",
  inSchema: "SELECT name, type FROM pragma_table_xinfo(?, ?)",
} as const;

/**
 * Records which columns are declared as date. SQLite has no date type, so this package decides whether a Date is
 * written as a day or as a moment: it depends on the column, as in PostgreSQL.
 */
export class DayColumns {
  readonly #tables: Map<string, ReadonlySet<string>> = new Map();

  /** Whether the parameter at this index is a moment whose column must be known. */
  isOpen(query: Query, at: number): boolean {
    const value = query.params[at];
    return query.targets?.[at] !== undefined && (value instanceof Date || value instanceof ArrayValue);
  }

  /** The tables of a statement whose columns are not known yet. */
  missing(query: Query): readonly string[] {
    const names = new Set<string>();
    for (let at = 0; at < query.params.length; at++) {
      if (!this.isOpen(query, at)) continue;
      for (const table of query.targets?.[at]?.tables ?? []) if (!this.#tables.has(table)) names.add(table);
    }
    return [...names];
  }

  /** Records the columns of a table. */
  learn(table: string, columns: readonly TableColumn[]): void {
    const days = columns.filter(({ type }) => toColumnType(type) === "date");
    this.#tables.set(table, new Set(days.map(({ name }) => name.toLowerCase())));
  }

  /** Whether a known column is declared as date. */
  has({ tables, column }: ColumnTarget): boolean {
    const name = column.toLowerCase();
    return tables.some((table) => this.#tables.get(table)?.has(name) === true);
  }

  clear(): void {
    this.#tables.clear();
  }
}

/** The arguments of `tableColumnsSql` for a table. */
export function toTableArguments(table: string): readonly string[] {
  const { schema, name } = splitName(table);
  return schema === undefined ? [name] : [name, schema];
}
