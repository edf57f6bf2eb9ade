import { createRawNode, isRawNode } from "../ast/expression-node.js";
import { checkRow, checkTable } from "../builder/check-arguments.js";
import { type Columns, toColumnDefinitions } from "../builder/column-options.js";
import type { Direction } from "../builder/select-builder.js";
import type { QueryScope } from "../database/query-scope.js";
import { QueryArgumentError } from "../errors.js";
import { describeValue } from "../values/describe-value.js";
import { toStoredValue } from "../values/to-stored-value.js";
import type { ModelRow, NewRow, RowChanges } from "./model-types.js";
import { WhereBuilder } from "./where-builder.js";

/** Which rows `findAll` gives, and what of them. */
export interface FindOptions<Name extends string = string> {
  readonly limit?: number;
  readonly offset?: number;
  /** Only these columns. */
  readonly columns?: readonly Name[];
  /** Orders after those of the conditions: `["title"]` or `[["createdAt", "DESC"]]`. */
  readonly order?: readonly (Name | readonly [Name, Direction])[];
}

/** A table whose columns are declared, so that its rows have types. */
export interface Model<Table extends Columns> {
  /** The name of the table. */
  readonly table: string;
  readonly columns: Table;
  /** Inserts a row and resolves to it, with what the database filled in. */
  create(values: NewRow<Table>): Promise<ModelRow<Table>>;
  /** Inserts rows and resolves to them. */
  createMany(rows: readonly NewRow<Table>[]): Promise<ModelRow<Table>[]>;
  findAll(where?: WhereBuilder, options?: FindOptions<keyof Table & string>): Promise<ModelRow<Table>[]>;
  /** The first row that is found. */
  findOne(
    where?: WhereBuilder,
    options?: Omit<FindOptions<keyof Table & string>, "limit">,
  ): Promise<ModelRow<Table> | undefined>;
  /** The row with this primary key. */
  findById(id: string | number | bigint): Promise<ModelRow<Table> | undefined>;
  /** Changes the rows that meet the conditions, of which there must be one, and resolves to their number. */
  updateAll(values: RowChanges<Table>, where: WhereBuilder): Promise<number>;
  /** Deletes the rows that meet the conditions, of which there must be one, and resolves to their number. */
  deleteAll(where: WhereBuilder): Promise<number>;
  /** The number of rows that meet the conditions, or of all. */
  count(where?: WhereBuilder): Promise<number>;
  /** Makes the table if there is none of its name. */
  sync(): Promise<void>;
  /** Begins conditions: `Post.where().eq("published", true).order("createdAt", "DESC")`. */
  where(): WhereBuilder;
}

/** Declares the columns of a table; nothing is sent before a method of the model is called. */
export function defineModel<const Table extends Columns>(
  db: QueryScope,
  table: string,
  columns: Table,
): Model<Table> {
  const definitions = toColumnDefinitions(checkTable(table, "defineModel"), columns);
  const names = definitions.map((column) => column.name);
  const types = new Map(definitions.map((column) => [column.name, column.type]));
  const keys = definitions.filter((column) => column.primaryKey).map((column) => column.name);

  function toStored(values: unknown, method: string): Record<string, unknown> {
    const entries = Object.entries(checkRow(values, `${method}()`)).map(([name, value]) => {
      const type = types.get(name);
      if (type === undefined) throw unknownColumn(name);
      if (value === undefined || isRawNode(value)) return [name, value];
      return [name, toStoredValue(value, type, `The value of "${name}"`)];
    });
    return Object.fromEntries(entries);
  }

  function unknownColumn(name: unknown): QueryArgumentError {
    return new QueryArgumentError(
      `The model of "${table}" has no column ${describeValue(name)}; its columns are ${names.join(", ")}.`,
    );
  }

  const model: Model<Table> = {
    table,
    columns,
    async create(values) {
      const row = await db
        .insert(table)
        .values(toStored(values, "create"))
        .returning(...names)
        .first();
      return row as ModelRow<Table>;
    },
    async createMany(rows) {
      const stored = Array.from(rows, (row) => toStored(row, "createMany"));
      return (await db
        .insert(table)
        .values(stored)
        .returning(...names)
        .yield()) as ModelRow<Table>[];
    },
    async findAll(where, options = {}) {
      for (const name of options.columns ?? []) if (!types.has(name)) throw unknownColumn(name);
      const conditions = checkWhere(where ?? new WhereBuilder(), "findAll");
      let select = conditions.orderIn(
        conditions.applyTo(db.select(...(options.columns ?? names)).from(table)),
      );
      for (const order of options.order ?? []) {
        select = typeof order === "string" ? select.order(order) : select.order(order[0], order[1]);
      }
      if (options.limit !== undefined) select = select.limit(options.limit);
      if (options.offset !== undefined) select = select.offset(options.offset);
      return (await select.yield()) as ModelRow<Table>[];
    },
    async findOne(where, options) {
      return (await model.findAll(where, { ...options, limit: 1 }))[0];
    },
    async findById(id) {
      const [key] = keys;
      if (key === undefined || keys.length > 1) {
        throw new QueryArgumentError(
          `findById() needs a model with one primary key, but "${table}" has ${keys.length}.`,
        );
      }
      return model.findOne(new WhereBuilder().eq(key, id));
    },
    async updateAll(values, where) {
      const update = db.update(table).set(toStored(values, "updateAll"));
      return checkWhere(where, "updateAll").applyTo(update).affected();
    },
    async deleteAll(where) {
      return checkWhere(where, "deleteAll").applyTo(db.delete(table)).affected();
    },
    async count(where = new WhereBuilder()) {
      const counting = db.select(createRawNode("count(*) AS n", [])).from(table);
      const [row] = await checkWhere(where, "count").applyTo(counting).yield();
      return Number(row?.n);
    },
    async sync() {
      await db.createTable(table, columns, { ifNotExists: true }).yield();
    },
    where: () => new WhereBuilder(),
  };
  return Object.freeze(model);
}

function checkWhere(where: unknown, method: string): WhereBuilder {
  if (where instanceof WhereBuilder) return where;
  throw new QueryArgumentError(
    `${method}() takes conditions such as Model.where().eq("id", 1), but ${describeValue(where)} was given.`,
  );
}
