import type { Logger } from "../logger.js";
import type { NamedParam } from "../sql/named-param.js";
import type { RawSQL } from "../sql/raw-sql.js";
import type { ArrayValue } from "../values/array-value.js";
import type { Parameter } from "../values/parameter.js";
import type { Row } from "../values/row.js";

/** Tables without declared columns: every name is accepted, and rows are `Record<string, any>`. */
export type AnySchema = Record<string, Row>;

/** Whether the table names of a schema or of a statement are not declared. */
type IsOpen<Names> = string extends keyof Names ? true : false;

/** The tables of a statement without a table. */
export type NoTables<Schema> = IsOpen<Schema> extends true ? AnySchema : Record<never, never>;

/** Adds a table to the tables of a statement. The keys are the aliases in the statement. */
export type WithTable<Tables, Name extends string, Columns> =
  IsOpen<Tables> extends true ? Tables : Tables & { readonly [Key in Name]: Columns };

/** A row of a table in an outer join. If the join finds no row, all columns are null. */
export type Missing<Columns> = { [Name in keyof Columns]: Columns[Name] | null };

export type AllMissing<Tables> =
  IsOpen<Tables> extends true ? Tables : { readonly [Name in keyof Tables]: Missing<Tables[Name]> };

/**
 * The columns of one table, with and without the name of the table. TypeScript computes this type once per table, even
 * if a statement joins the table several times.
 */
type NamesOf<Name extends string, Columns> = (keyof Columns & string) | `${Name}.${keyof Columns & string}`;

/** Every column of the tables, with and without the name of its table. */
export type ColumnOf<Tables> = {
  [Name in keyof Tables & string]: NamesOf<Name, Tables[Name]>;
}[keyof Tables & string];

/**
 * The type of the values of a column. Because of the brackets, TypeScript does not compute the type for every column
 * during inference.
 */
export type ValueOf<Tables, Column> = [Column] extends [`${infer Name}.${infer Key}`]
  ? Name extends keyof Tables
    ? Key extends keyof Tables[Name]
      ? Tables[Name][Key]
      : never
    : ValueOfQualified<Tables, Column>
  : {
      [Name in keyof Tables]: [Column] extends [keyof Tables[Name]] ? Tables[Name][Column] : never;
    }[keyof Tables];

/** Works like `ValueOf`, for a table whose name contains a dot: `schema.table.column`. */
type ValueOfQualified<Tables, Column> = {
  [Name in keyof Tables & string]: [Column] extends [`${Name}.${infer Key}`]
    ? Key extends keyof Tables[Name]
      ? Tables[Name][Key]
      : never
    : never;
}[keyof Tables & string];

/**
 * The type of the values that a column can be compared with. It excludes null, because no comparison with null is true.
 */
export type ConditionValue = Exclude<Parameter, null> | RawSQL | NamedParam;

/** The values and expressions that a column can be compared with. */
export type Comparable<Tables, Column> =
  IsOpen<Tables> extends true
    ? ConditionValue
    :
        | Exclude<ValueOf<Tables, Column>, null | undefined>
        | ResultOf<Column>
        | RawSQL
        | NamedParam
        | ArrayValue;

/** The values of an expression in SQL: those of `raw<number>(...)`, or any. The brackets are there as in `ValueOf`. */
type ResultOf<Expression> = [Expression] extends [{ readonly result: infer Result }]
  ? [unknown] extends [Result]
    ? ConditionValue
    : Exclude<Result, null | undefined>
  : never;

/**
 * The arguments of `select`. The column in `column as alias`, and columns before `from`, are checked when the statement
 * is sent.
 */
export type Selectable<Tables> = [keyof Tables] extends [never]
  ? string
  : ColumnOf<Tables> | `${string} as ${string}` | `${keyof Tables & string}.*` | "*";

/**
 * The selected columns that no table has. They can occur if the columns were selected before `from`, or with an alias.
 */
type Unknown<Tables, Picked> = Picked extends string
  ? SourceOf<Picked> extends ColumnOf<Tables> | `${keyof Tables & string}.*` | "*"
    ? never
    : Picked
  : never;

/**
 * The arguments of the methods that send a SELECT. If the SELECT has a column that is in none of its tables, the type
 * allows no arguments and TypeScript reports an error. For `any` columns (`1 & Picked` can be 0 only for `any`), no
 * column is missing.
 */
export type Sending<Tables, Picked> = [0 extends 1 & Picked ? never : Unknown<Tables, Picked>] extends [never]
  ? [logger?: Logger]
  : [noSuchColumn: { readonly "there is no such column in these tables": Unknown<Tables, Picked> }];

/** The type of a row with the columns of several tables. */
type Merged<Tables> = {
  [Column in { [Name in keyof Tables]: keyof Tables[Name] }[keyof Tables]]: ValueOf<Tables, Column>;
};

type NameOf<Pick> = Pick extends `${string} as ${infer Alias}`
  ? Alias
  : Pick extends `${string}.${infer Column}`
    ? NameOf<Column>
    : Pick;

type SourceOf<Pick> = Pick extends `${infer Column} as ${string}` ? Column : Pick;

type Stars<Tables, Picked> =
  Extract<Picked, "*" | `${string}.*`> extends infer Star
    ? Star extends "*"
      ? Merged<Tables>
      : Star extends `${infer Name}.*`
        ? Name extends keyof Tables
          ? Tables[Name]
          : never
        : never
    : never;

type Names<Tables, Picked> = {
  [Pick in Exclude<Extract<Picked, string>, "*" | `${string}.*`> as NameOf<Pick> & string]: ValueOf<
    Tables,
    SourceOf<Pick>
  >;
};

type Raws<Picked> =
  Extract<Picked, RawSQL<unknown, string>> extends infer Raw
    ? Raw extends RawSQL<infer Result, infer Alias>
      ? [Alias] extends [never]
        ? Row
        : { [Name in Alias]: Result }
      : never
    : never;

type Intersection<Union> = (Union extends unknown ? (each: Union) => void : never) extends (
  each: infer All,
) => void
  ? All
  : never;

/** Converts an intersection to one object type, so that TypeScript shows a readable type. */
type Flat<Type> = { [Key in keyof Type]: Type[Key] };

/** The row of a SELECT. If no column was selected, it has all columns. */
export type Selected<Tables, Picked> =
  IsOpen<Tables> extends true
    ? Row
    : [Picked] extends [never]
      ? Merged<Tables>
      : [Exclude<Picked, string>] extends [never]
        ? [Extract<Picked, "*" | `${string}.*`>] extends [never]
          ? Names<Tables, Picked>
          : Flat<Names<Tables, Picked> & Intersection<Stars<Tables, Picked>>>
        : Flat<
            Names<Tables, Picked> &
              ([Extract<Picked, "*" | `${string}.*`>] extends [never]
                ? unknown
                : Intersection<Stars<Tables, Picked>>) &
              Intersection<Raws<Picked>>
          >;

/** The argument of `values` and `set` for a table. */
export type Written<Columns> = {
  readonly [Name in keyof Columns]?: Columns[Name] | RawSQL | NamedParam | ArrayValue | undefined;
};

/** The rows of a statement with `returning`. If no column was named, they have all columns. */
export type Returned<Columns, Name extends string> = string extends keyof Columns
  ? Row
  : [Name] extends [never]
    ? Columns
    : {
        [Key in Name as NameOf<Key> & string]: SourceOf<Key> extends keyof Columns
          ? Columns[SourceOf<Key>]
          : never;
      };

/** The arguments of `returning` for a table. */
export type Returnable<Columns> = (keyof Columns & string) | `${keyof Columns & string} as ${string}`;
