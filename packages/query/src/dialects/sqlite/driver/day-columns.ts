import { splitName } from "../../../builder/split-name.js";
import type { ColumnTarget, Query } from "../../../driver/driver.js";
import { ArrayValue } from "../../../values/array-value.js";
import { toColumnType } from "../values/sqlite-conversions.js";

/** A column of a table as SQLite describes it. */
export interface TableColumn {
  readonly name: string;
  readonly type: string;
}

/** The SQL that returns the columns of a table, with or without a schema. */
export const tableColumnsSql = {
  anywhere: "SELECT name, type FROM pragma_table_xinfo(?)",
  inSchema: "SELECT name, type FROM pragma_table_xinfo(?, ?)",
} as const;

/**
 * Stores which columns are declared as date. SQLite has no type for dates. So this package decides by the column
 * whether a `Date` is written as a day or with its time, as PostgreSQL does.
 */
export class DayColumns {
  readonly #tables: Map<string, ReadonlySet<string>> = new Map();

  /** Whether the parameter at this index is a `Date` that may belong to a date column. */
  isOpen(query: Query, at: number): boolean {
    const value = query.params[at];
    return query.targets?.[at] !== undefined && (value instanceof Date || value instanceof ArrayValue);
  }

  /** The tables of a statement whose columns have not been read yet. */
  missing(query: Query): readonly string[] {
    const names = new Set<string>();
    for (let at = 0; at < query.params.length; at++) {
      if (!this.isOpen(query, at)) continue;
      for (const table of query.targets?.[at]?.tables ?? []) if (!this.#tables.has(table)) names.add(table);
    }
    return [...names];
  }

  /** Stores the columns of a table. */
  learn(table: string, columns: readonly TableColumn[]): void {
    const days = columns.filter(({ type }) => toColumnType(type) === "date");
    this.#tables.set(table, new Set(days.map(({ name }) => name.toLowerCase())));
  }

  /** Whether a column is known and declared as date. */
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
