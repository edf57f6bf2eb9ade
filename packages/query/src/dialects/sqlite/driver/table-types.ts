import { splitName } from "../../../builder/split-name.js";
import type { ColumnTarget, Query } from "../../../driver/driver.js";
import type { ColumnType } from "../../../values/column-type.js";
import type { Parameter } from "../../../values/parameter.js";
import type { ResultColumn } from "../../../values/row-mapper.js";
import { toColumnType } from "../values/sqlite-conversions.js";
import { dependsOnColumn, type SqliteValue, toColumnValue, toSqliteValue } from "../values/sqlite-value.js";

/** A column of a table as SQLite describes it. */
export interface TableColumn {
  readonly name: string;
  readonly type: string;
}

/** Matches the declared types whose columns convert numbers to text. */
const hasText = /CHAR|CLOB|TEXT/i;

/** The SQL that returns the columns of a table, with or without a schema. */
export const tableColumnsSQL = {
  anywhere: "SELECT name, type FROM pragma_table_xinfo(?)",
  inSchema: "SELECT name, type FROM pragma_table_xinfo(?, ?)",
} as const;

/**
 * Stores the declared types of columns, where a statement alone does not tell them. SQLite has no type for dates. So
 * this package decides by the column whether a `Date` is written as a day or with its time, as PostgreSQL does. In a
 * column of text, SQLite would write a fraction with other digits than JavaScript and PostgreSQL. SQLite also does not
 * tell the type of `min` and `max` of a column.
 */
export class TableTypes {
  readonly #tables: Map<string, ReadonlyMap<string, ColumnType>> = new Map();

  /** Whether the form of the parameter at this index depends on its column. */
  isOpen(query: Query, at: number): boolean {
    return query.targets?.[at] !== undefined && dependsOnColumn(query.params[at] as Parameter);
  }

  /** Converts the parameter at this index. The columns of the statement must be known. */
  toStored(query: Query, at: number): SqliteValue {
    const value = query.params[at] as Parameter;
    if (!this.isOpen(query, at)) return toSqliteValue(value);
    return toColumnValue(value, this.typeOf(query.targets?.[at] as ColumnTarget));
  }

  /** The tables of a statement whose columns have not been read yet. */
  missing(query: Query): readonly string[] {
    const names = new Set<string>();
    const add = (target: ColumnTarget | undefined) => {
      for (const table of target?.tables ?? []) if (!this.#tables.has(table)) names.add(table);
    };
    for (let at = 0; at < query.params.length; at++) if (this.isOpen(query, at)) add(query.targets?.[at]);
    query.results?.forEach(add);
    return [...names];
  }

  /** Stores the columns of a table. */
  learn(table: string, columns: readonly TableColumn[]): void {
    const types = new Map<string, ColumnType>();
    for (const { name, type } of columns) {
      const known = toColumnType(type) ?? (hasText.test(type) ? "text" : undefined);
      if (known !== undefined) types.set(name.toLowerCase(), known);
    }
    this.#tables.set(table, types);
  }

  /** The type of a column, if it is known and needs a conversion. */
  typeOf({ tables, column }: ColumnTarget): ColumnType | undefined {
    const name = column.toLowerCase();
    for (const table of tables) {
      const type = this.#tables.get(table)?.get(name);
      if (type !== undefined) return type;
    }
    return undefined;
  }

  /** The columns of a result with the types of the columns behind `min` and `max`. */
  complete(columns: readonly ResultColumn[], { results }: Pick<Query, "results">): readonly ResultColumn[] {
    if (results === undefined) return columns;
    return columns.map((column, index) => {
      const target = results[index];
      return target === undefined ? column : { ...column, type: this.typeOf(target) };
    });
  }

  clear(): void {
    this.#tables.clear();
  }
}

/** The arguments of `tableColumnsSQL` for a table. */
export function toTableArguments(table: string): readonly string[] {
  const { schema, name } = splitName(table);
  return schema === undefined ? [name] : [name, schema];
}
