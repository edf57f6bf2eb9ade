import type { ColumnType } from "./column-type.js";
import type { Row } from "./row.js";

/** How `bigint` columns come back: as numbers by default, which then must be safe integers. */
export type BigintMode = "number" | "bigint" | "string";

/** A column of a result, and the type it was declared with, if it is a column of a table at all. */
export interface ResultColumn {
  readonly name: string;
  readonly type: ColumnType | undefined;
}

/** Makes the rows of one statement out of the driver's arrays of values. */
export type RowMapper = (tuples: readonly (readonly unknown[])[]) => Row[];

/** Gives the value of a declared type for what the driver gave; throws what `unreadable` makes if it cannot. */
export type ValueConverter = (value: unknown) => unknown;

/** Compiles the mapper of a statement: `convert` names the work for each column, `undefined` for none. */
export function createRowMapper(
  columns: readonly ResultColumn[],
  convert: (column: ResultColumn) => ValueConverter | undefined,
): RowMapper {
  const names = columns.map((column) => column.name);
  const conversions: { readonly index: number; readonly converter: ValueConverter }[] = [];
  for (const [index, column] of columns.entries()) {
    const converter = convert(column);
    if (converter !== undefined) conversions.push({ index, converter });
  }
  // In a plain object a column of this name would be lost, and would change what the row inherits.
  const plain = !names.includes("__proto__");

  return (tuples) => {
    const rows: Row[] = new Array(tuples.length);
    for (let position = 0; position < tuples.length; position++) {
      const values = tuples[position] as unknown[];
      for (const { index, converter } of conversions) values[index] = converter(values[index]);
      const row: Row = plain ? {} : Object.create(null);
      for (let index = 0; index < names.length; index++) row[names[index] as string] = values[index];
      rows[position] = row;
    }
    return rows;
  };
}
