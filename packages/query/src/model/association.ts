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
  readonly foreignKey: string;
  /** The column of the other table that the foreign key refers to. Default: the primary key. */
  readonly targetKey?: string;
}

/** Each row has many rows of the other table, or one row: `foreignKey` is a column of the other table. */
export interface HasMany extends ToOther {
  readonly type: "hasMany" | "hasOne";
  readonly foreignKey: string;
  /** The column of this table that the foreign key refers to. Default: the primary key. */
  readonly sourceKey?: string;
}

/** Rows of a third table, `through`, connect the rows of the two tables. */
export interface ManyToMany extends ToOther {
  readonly type: "manyToMany";
  readonly through: string;
  /** The column of `through` that refers to this table. */
  readonly foreignKey: string;
  /** The column of `through` that refers to the other table. */
  readonly otherKey: string;
  readonly sourceKey?: string;
  readonly targetKey?: string;
}

export type Association = BelongsTo | HasMany | ManyToMany;

/** The associations of a model, by the names under which `include` loads them. */
export type Associations = Readonly<Record<string, Association>>;

/** Which rows and columns of an association to load. */
export interface IncludeOptions {
  // biome-ignore lint/suspicious/noExplicitAny: its columns are those of the other model
  readonly where?: WhereBuilder<any>;
  readonly columns?: readonly string[];
  readonly order?: readonly (string | readonly [string, Direction])[];
  readonly include?: Include<Associations>;
}

/** The associations to load: names, or names with options. */
export type Include<Links extends Associations> =
  | readonly (keyof Links & string)[]
  | { readonly [Name in keyof Links]?: IncludeOptions | true };

type Included<Chosen> = Chosen extends readonly (infer Name)[] ? Name : keyof Chosen;

type OtherRow<Link extends Association> =
  ReturnType<Link["model"]> extends Model<infer Table extends Columns, infer _> ? ModelRow<Table> : never;

type OtherRows<Link extends Association> = Link["type"] extends "belongsTo" | "hasOne"
  ? OtherRow<Link> | null
  : OtherRow<Link>[];

/** A row with its included rows. */
export type WithIncluded<Table extends Columns, Links extends Associations, Chosen> = ModelRow<Table> &
  ([Chosen] extends [undefined]
    ? unknown
    : { [Name in Included<Chosen> & keyof Links]: OtherRows<Links[Name]> });

/** Conditions on the table of a model. */
export type ModelWhere<Table extends Columns> = WhereBuilder<ModelTables<Table>>;
