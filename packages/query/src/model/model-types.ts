import type { ColumnOptions, Columns } from "../builder/column-options.js";
import type { ColumnType, ElementType, ScalarType } from "../values/column-type.js";

/** The JavaScript values of each type of column. */
interface ScalarValues {
  integer: number;
  /** The JavaScript type depends on the option `bigint` of the database. */
  bigint: number | bigint | string;
  real: number;
  decimal: string;
  text: string;
  string: string;
  boolean: boolean;
  datetime: Date;
  date: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a json column holds is only known to the caller
  json: any;
  blob: Buffer;
  uuid: string;
}

type ValueOf<Options extends ColumnOptions> = Options["type"] extends infer Type extends ColumnType
  ? Type extends ScalarType
    ? ScalarValues[Type]
    : Type extends `${infer Element extends ElementType}[]`
      ? ScalarValues[Element][]
      : never
  : never;

type NeverNull<Options extends ColumnOptions> = Options extends
  | { readonly notNull: true }
  | { readonly primaryKey: true }
  ? true
  : false;

type ColumnValue<Options extends ColumnOptions> =
  NeverNull<Options> extends true ? ValueOf<Options> : ValueOf<Options> | null;

type FilledByDatabase<Options extends ColumnOptions> = Options extends
  | { readonly autoIncrement: true }
  | { readonly default: unknown }
  ? true
  : false;

type RequiredNames<Table extends Columns> = {
  [Name in keyof Table]: NeverNull<Table[Name]> extends true
    ? FilledByDatabase<Table[Name]> extends true
      ? never
      : Name
    : never;
}[keyof Table];

/** A row of a model. */
export type ModelRow<Table extends Columns> = { -readonly [Name in keyof Table]: ColumnValue<Table[Name]> };

/** The tables of the conditions of a model: only the table of the model, with any alias. */
export type ModelTables<Table extends Columns> = { readonly [Name in "*"]: ModelRow<Table> };

/** The argument of `create`. Columns that can be null, have a default or are `autoIncrement` may be left out. */
export type NewRow<Table extends Columns> = {
  readonly [Name in RequiredNames<Table>]: ColumnValue<Table[Name]>;
} & { readonly [Name in keyof Table]?: ColumnValue<Table[Name]> | undefined };

/** The values of `updateAll`. */
export type RowChanges<Table extends Columns> = {
  readonly [Name in keyof Table]?: ColumnValue<Table[Name]> | undefined;
};
