import type { Columns } from "../builder/column-options.js";
import type { Direction } from "../builder/select-builder.js";
import type { Model } from "./model.js";
import type { ModelRow, ModelTables } from "./model-types.js";
import type { WhereBuilder } from "./where-builder.js";

/** Any model, for the other side of an association. */
// biome-ignore lint/suspicious/noExplicitAny: the columns of the other model are found through its own type
export type AnyModel = Model<any, any>;

interface ToOther {
  /**
   * A function that returns the model of the other table. It is a function because two models may refer to each other.
   */
  readonly model: () => AnyModel;
}

/** Each row belongs to one row of the other table: `foreignKey` is a column of this table. */
export interface BelongsTo extends ToOther {
  readonly type: "belongsTo";
  /** The column of this table that refers to the other table. */
  readonly foreignKey: string;
  /** The column of the other table that the foreign key refers to. Default: the primary key. */
  readonly targetKey?: string;
}

/** Each row has many rows of the other table, or one row: `foreignKey` is a column of the other table. */
export interface HasMany extends ToOther {
  readonly type: "hasMany" | "hasOne";
  /** The column of the other table that refers to this table. */
  readonly foreignKey: string;
  /** The column of this table that the foreign key refers to. Default: the primary key. */
  readonly sourceKey?: string;
}

/** Rows of a third table, `through`, connect the rows of the two tables. */
export interface ManyToMany extends ToOther {
  readonly type: "manyToMany";
  /** The name of the third table. */
  readonly through: string;
  /** The column of `through` that refers to this table. */
  readonly foreignKey: string;
  /** The column of `through` that refers to the other table. */
  readonly otherKey: string;
  /** The column of this table that `foreignKey` refers to. Default: the primary key. */
  readonly sourceKey?: string;
  /** The column of the other table that `otherKey` refers to. Default: the primary key. */
  readonly targetKey?: string;
}

/** A relation between the tables of two models. */
export type Association = BelongsTo | HasMany | ManyToMany;

/** The associations of a model, by the names under which `include` loads them. */
export type Associations = Readonly<Record<string, Association>>;

/** Which rows and columns of an association to load. */
export interface IncludeOptions {
  /** Loads only rows of the other model that meet these conditions. */
  // biome-ignore lint/suspicious/noExplicitAny: its columns are those of the other model
  readonly where?: WhereBuilder<any>;
  /** Loads only these columns of the other model. Default: all. */
  readonly columns?: readonly string[];
  /** The order of the rows: `["title"]` or `[["createdAt", "DESC"]]`. */
  readonly order?: readonly (string | readonly [string, Direction])[];
  /** The associations of the other model to load. */
  readonly include?: Include<Associations>;
}

/** The associations to load: names, or names with options. */
export type Include<Links extends Associations> =
  | readonly (keyof Links & string)[]
  | { readonly [Name in keyof Links]?: IncludeOptions | true };

type Included<Chosen> = Chosen extends readonly (infer Name)[] ? Name : keyof Chosen;

/** The options of one included association: `true` where none are given. */
type OptionsOf<Chosen, Name> = Chosen extends readonly unknown[]
  ? true
  : Name extends keyof Chosen
    ? Chosen[Name]
    : true;

type OtherRow<Link extends Association, Options> =
  ReturnType<Link["model"]> extends Model<infer Table extends Columns, infer Links extends Associations>
    ? WithIncluded<
        Table,
        Links,
        Options extends { readonly include: infer Chosen } ? Chosen : undefined,
        Options extends { readonly columns: readonly (infer Column)[] } ? Column & keyof Table : keyof Table
      >
    : never;

type OtherRows<Link extends Association, Options> = Link["type"] extends "belongsTo" | "hasOne"
  ? OtherRow<Link, Options> | null
  : OtherRow<Link, Options>[];

/** A row with its included rows, of the columns that were asked for. */
export type WithIncluded<
  Table extends Columns,
  Links extends Associations,
  Chosen,
  Column extends keyof Table = keyof Table,
> = ([keyof Table] extends [Column] ? ModelRow<Table> : Pick<ModelRow<Table>, Column>) &
  ([Chosen] extends [undefined]
    ? unknown
    : { [Name in Included<Chosen> & keyof Links]: OtherRows<Links[Name], OptionsOf<Chosen, Name>> });

/** Conditions on the table of a model. */
export type ModelWhere<Table extends Columns> = WhereBuilder<ModelTables<Table>>;
