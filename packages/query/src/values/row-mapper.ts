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

/** Gives the value of a declared type for what the driver gave; throws `UnreadableValue` if it cannot. */
export type ValueConverter = (value: unknown) => unknown;

/** Says which value of which column cannot be given in the column's type. */
export class UnreadableValue extends Error {}

type RowReader = (tuple: readonly unknown[], converters: readonly (ValueConverter | undefined)[]) => Row;

/** Compiles the mapper of a statement: a converter for each column, `undefined` for none. */
export function createRowMapper(
  names: readonly string[],
  converters: readonly (ValueConverter | undefined)[],
): RowMapper {
  const read = compileReader(names, converters) ?? createReader(names);
  return (tuples) => {
    const rows: Row[] = new Array(tuples.length);
    for (let index = 0; index < tuples.length; index++) {
      rows[index] = read(tuples[index] as readonly unknown[], converters);
    }
    return rows;
  };
}

/** A function whose text is one object literal: five times as fast as setting names one by one. */
function compileReader(
  names: readonly string[],
  converters: readonly (ValueConverter | undefined)[],
): RowReader | undefined {
  // In a literal this name would set what the row inherits.
  if (names.includes("__proto__") || names.length > 500) return undefined;
  const members = names.map((name, index) => {
    const value =
      converters[index] === undefined ? `tuple[${index}]` : `converters[${index}](tuple[${index}])`;
    return `${JSON.stringify(name)}: ${value}`;
  });
  try {
    return new Function("tuple", "converters", `return { ${members.join(", ")} };`) as RowReader;
  } catch {
    // Node.js can be told to make no code from text.
    return undefined;
  }
}

function createReader(names: readonly string[]): RowReader {
  return (tuple, converters) => {
    const row: Row = names.includes("__proto__") ? Object.create(null) : {};
    for (let index = 0; index < names.length; index++) {
      const convert = converters[index];
      row[names[index] as string] = convert === undefined ? tuple[index] : convert(tuple[index]);
    }
    return row;
  };
}
