import type { Columns } from "../builder/column-options.js";
import type { Direction } from "../builder/select-builder.js";
import type { QueryScope } from "../database/query-scope.js";
import type { Associations, Include, ModelWhere, WithIncluded } from "./association.js";
import type { ModelRow, NewRow, RowChanges } from "./model-types.js";

/** Which rows and columns `findAll` loads. */
export interface FindOptions<Name extends string = string, Chosen = undefined, Column extends string = Name> {
  /** The largest number of rows. Default: no limit. */
  readonly limit?: number;
  /** The number of rows to skip. Default: 0. */
  readonly offset?: number;
  /** Loads only these columns. */
  readonly columns?: readonly Column[];
  /** The order of the rows, after the orders of `where`: `["title"]` or `[["createdAt", "DESC"]]`. */
  readonly order?: readonly (Name | readonly [Name, Direction])[];
  /** The associations to load. Each needs one more query: `["author"]` or `{ comments: { order: ["id"] } }`. */
  readonly include?: Chosen;
}

/** One page of rows. */
export interface Page<Row> {
  /** The rows of this page. */
  readonly rows: Row[];
  /** The number of the page, from 1 on. */
  readonly page: number;
  /** The maximum number of rows of a page. */
  readonly size: number;
  /** The number of rows on all pages. */
  readonly total: number;
  /** The number of pages. */
  readonly pages: number;
}

/** A table with declared columns, so that its rows have exact types. */
export interface Model<Table extends Columns, Links extends Associations = Record<never, never>> {
  /** The name of the table. */
  readonly table: string;
  readonly columns: Table;
  /** Inserts a row and resolves to it, with the values that the database filled in. */
  create(values: NewRow<Table>): Promise<ModelRow<Table>>;
  /** Inserts rows in one transaction and resolves to them. If one row fails, no row is inserted. */
  createMany(rows: readonly NewRow<Table>[]): Promise<ModelRow<Table>[]>;
  /**
   * Inserts a row, or changes the existing row that has the same values in `conflict` (the primary key by default).
   * These columns must be unique together. Resolves to the row.
   */
  upsert(values: NewRow<Table>, conflict?: readonly (keyof Table & string)[]): Promise<ModelRow<Table>>;
  findAll<
    const Chosen extends Include<Links> | undefined = undefined,
    Column extends keyof Table & string = keyof Table & string,
  >(
    where?: ModelWhere<Table>,
    options?: FindOptions<keyof Table & string, Chosen, Column>,
  ): Promise<WithIncluded<Table, Links, Chosen, Column>[]>;
  /** Resolves to the first row that meets the conditions, or to `undefined`. */
  findOne<
    const Chosen extends Include<Links> | undefined = undefined,
    Column extends keyof Table & string = keyof Table & string,
  >(
    where?: ModelWhere<Table>,
    options?: Omit<FindOptions<keyof Table & string, Chosen, Column>, "limit">,
  ): Promise<WithIncluded<Table, Links, Chosen, Column> | undefined>;
  /** Resolves to the row with this primary key, or to `undefined`. */
  findById<
    const Chosen extends Include<Links> | undefined = undefined,
    Column extends keyof Table & string = keyof Table & string,
  >(
    id: string | number | bigint,
    options?: Pick<FindOptions<keyof Table & string, Chosen, Column>, "columns" | "include">,
  ): Promise<WithIncluded<Table, Links, Chosen, Column> | undefined>;
  /**
   * Resolves to one page of the rows and the number of all rows. The first `page` is 1. The default `size` is 20 rows.
   */
  paginate<
    const Chosen extends Include<Links> | undefined = undefined,
    Column extends keyof Table & string = keyof Table & string,
  >(
    where: ModelWhere<Table> | undefined,
    options?: Omit<FindOptions<keyof Table & string, Chosen, Column>, "limit" | "offset"> & {
      readonly page?: number;
      readonly size?: number;
    },
  ): Promise<Page<WithIncluded<Table, Links, Chosen, Column>>>;
  /** Returns the rows one by one, with limited memory use. */
  iterate<Column extends keyof Table & string = keyof Table & string>(
    where?: ModelWhere<Table>,
    options?: Omit<FindOptions<keyof Table & string, undefined, Column>, "include">,
  ): AsyncIterableIterator<WithIncluded<Table, Links, undefined, Column>>;
  /** Changes the rows that meet the conditions and resolves to their number. At least one condition is required. */
  updateAll(values: RowChanges<Table>, where: ModelWhere<Table>): Promise<number>;
  /** Deletes the rows that meet the conditions and resolves to their number. At least one condition is required. */
  deleteAll(where: ModelWhere<Table>): Promise<number>;
  /** Resolves to the number of rows that meet the conditions. Without conditions, to the number of all rows. */
  count(where?: ModelWhere<Table>): Promise<number>;
  /** Creates the table and its indexes if the table does not exist. */
  sync(): Promise<void>;
  /** Begins conditions: `Post.where().eq("published", true).order("createdAt", "DESC")`. */
  where(): ModelWhere<Table>;
  /** The same model through another scope, such as the `tx` of a transaction. */
  in(scope: QueryScope): Model<Table, Links>;
}
