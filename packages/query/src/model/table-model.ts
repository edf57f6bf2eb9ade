import { checkCount, checkRow } from "../builder/check-arguments.js";
import { type Columns, toColumnDefinitions } from "../builder/column-options.js";
import type { QueryScope } from "../database/query-scope.js";
import { QueryArgumentError } from "../errors.js";
import { checkKnown } from "../options/check-known.js";
import { NamedParam } from "../sql/named-param.js";
import { RawSQL } from "../sql/raw-sql.js";
import type { ColumnType } from "../values/column-type.js";
import { describeValue } from "../values/describe-value.js";
import type { Row } from "../values/row.js";
import { toStoredValue } from "../values/to-stored-value.js";
import type { Associations, Include, IncludeOptions, ModelWhere, WithIncluded } from "./association.js";
import { checkAssociations } from "./check-associations.js";
import { loadIncluded } from "./load-included.js";
import type { FindOptions, Model, Page } from "./model.js";
import type { ModelRow, ModelTables, NewRow, RowChanges } from "./model-types.js";
import { WhereBuilder } from "./where-builder.js";

/** The maximum number of values of one INSERT. SQLite allows 32,766 parameters. */
const mostValues = 30_000;

const iterateKeys: readonly string[] = ["limit", "offset", "columns", "order"];
const findKeys: readonly string[] = [...iterateKeys, "include"];
const includeKeys: readonly string[] = ["where", "columns", "order", "include"];

/** The implementation of a model. */
export class TableModel<Table extends Columns, Links extends Associations> implements Model<Table, Links> {
  readonly table: string;
  readonly columns: Table;
  readonly #scope: QueryScope;
  readonly #associations: Links;
  readonly #names: readonly (keyof Table & string)[];
  readonly #types: ReadonlyMap<string, ColumnType>;
  readonly #keys: readonly string[];

  constructor(scope: QueryScope, table: string, columns: Table, associations: Links) {
    const definitions = toColumnDefinitions(table, columns);
    this.table = table;
    this.columns = columns;
    this.#scope = scope;
    this.#names = definitions.map((column) => column.name);
    this.#types = new Map(definitions.map((column) => [column.name, column.type]));
    this.#keys = definitions.filter((column) => column.primaryKey).map((column) => column.name);
    this.#associations = checkAssociations(table, this.#names, associations) as Links;
  }

  async create(values: NewRow<Table>): Promise<ModelRow<Table>> {
    const row = this.#toStored(values, "create");
    return (await this.#scope
      .insert(this.table)
      .values(row)
      .returning(...this.#names)
      .first()) as ModelRow<Table>;
  }

  async createMany(rows: readonly NewRow<Table>[]): Promise<ModelRow<Table>[]> {
    const stored = Array.from(rows, (row) => this.#toStored(row, "createMany"));
    const insert = async (scope: QueryScope, part: readonly Row[]) =>
      (await scope
        .insert(this.table)
        .values(part)
        .returning(...this.#names)
        .yield()) as ModelRow<Table>[];
    if (stored.length === 0) return [];
    const size = Math.max(1, Math.floor(mostValues / this.#names.length));
    if (stored.length <= size) return insert(this.#scope, stored);
    return this.#scope.transaction(async (tx) => {
      const created: ModelRow<Table>[] = [];
      for (let begin = 0; begin < stored.length; begin += size) {
        created.push(...(await insert(tx, stored.slice(begin, begin + size))));
      }
      return created;
    });
  }

  async upsert(
    values: NewRow<Table>,
    conflict: readonly (keyof Table & string)[] = this.#keys,
  ): Promise<ModelRow<Table>> {
    const row = this.#toStored(values, "upsert");
    if (conflict.length === 0) {
      throw new QueryArgumentError(`"${this.table}" has no primary key; pass the columns of a unique index.`);
    }
    for (const name of conflict) {
      if (!this.#types.has(name)) throw this.#unknownColumn(name);
      if (row[name] === undefined) {
        throw new QueryArgumentError(
          `upsert() needs a value for "${name}", because it finds the row by this column.`,
        );
      }
    }
    const changed = Object.keys(row).filter((name) => row[name] !== undefined && !conflict.includes(name));
    // If the row has no other columns, the columns of the conflict are set to their own values, because RETURNING
    // returns only inserted or changed rows.
    const upsert = this.#scope
      .insert(this.table)
      .values(row)
      .onConflict(...conflict)
      .doUpdate(changed.length > 0 ? changed : [...conflict]);
    return (await upsert.returning(...this.#names).first()) as ModelRow<Table>;
  }

  async findAll<
    Chosen extends Include<Links> | undefined = undefined,
    Column extends keyof Table & string = keyof Table & string,
  >(
    where?: ModelWhere<Table>,
    options: FindOptions<keyof Table & string, Chosen, Column> = {},
  ): Promise<WithIncluded<Table, Links, Chosen, Column>[]> {
    return this.#find<Chosen, Column>(where, options, (select) => select.yield());
  }

  async findOne<
    Chosen extends Include<Links> | undefined = undefined,
    Column extends keyof Table & string = keyof Table & string,
  >(
    where?: ModelWhere<Table>,
    options?: Omit<FindOptions<keyof Table & string, Chosen, Column>, "limit">,
  ): Promise<WithIncluded<Table, Links, Chosen, Column> | undefined> {
    const found = await this.#find<Chosen, Column>(where, { ...options }, async (select) => {
      const row = await select.first();
      return row === undefined ? [] : [row];
    });
    return found[0];
  }

  async findById<
    Chosen extends Include<Links> | undefined = undefined,
    Column extends keyof Table & string = keyof Table & string,
  >(
    id: string | number | bigint,
    options?: Pick<FindOptions<keyof Table & string, Chosen, Column>, "columns" | "include">,
  ): Promise<WithIncluded<Table, Links, Chosen, Column> | undefined> {
    const where = new WhereBuilder<never>().eq(this.keyOf("findById()") as never, id as never);
    return this.findOne<Chosen, Column>(where as unknown as ModelWhere<Table>, options);
  }

  async paginate<
    Chosen extends Include<Links> | undefined = undefined,
    Column extends keyof Table & string = keyof Table & string,
  >(
    where: ModelWhere<Table> | undefined,
    options: Omit<FindOptions<keyof Table & string, Chosen, Column>, "limit" | "offset"> & {
      readonly page?: number;
      readonly size?: number;
    } = {},
  ): Promise<Page<WithIncluded<Table, Links, Chosen, Column>>> {
    const { page = 1, size = 20, ...rest } = options;
    if (checkCount(page, "paginate") === 0 || checkCount(size, "paginate") === 0) {
      throw new QueryArgumentError(
        "The page and the size of paginate() must be at least 1, but 0 was given.",
      );
    }
    const find = { ...rest, limit: size, offset: checkCount((page - 1) * size, "paginate") } as FindOptions<
      keyof Table & string,
      Chosen,
      Column
    >;
    const total = await this.count(where);
    const rows =
      find.offset !== undefined && find.offset >= total
        ? []
        : await this.findAll<Chosen, Column>(where, find);
    return { rows, page, size, total, pages: Math.ceil(total / size) };
  }

  iterate<Column extends keyof Table & string = keyof Table & string>(
    where?: ModelWhere<Table>,
    options: Omit<FindOptions<keyof Table & string, undefined, Column>, "include"> = {},
  ): AsyncIterableIterator<WithIncluded<Table, Links, undefined, Column>> {
    checkKnown(options, iterateKeys, "The options object of iterate()");
    return this.#select(where, options, []).iterate() as AsyncIterableIterator<
      WithIncluded<Table, Links, undefined, Column>
    >;
  }

  async updateAll(values: RowChanges<Table>, where: ModelWhere<Table>): Promise<number> {
    const update = this.#scope.update(this.table).set(this.#toStored(values, "updateAll"));
    return this.#checkWhere(where, "updateAll").applyTo(update).affected();
  }

  async deleteAll(where: ModelWhere<Table>): Promise<number> {
    return this.#checkWhere(where, "deleteAll").applyTo(this.#scope.delete(this.table)).affected();
  }

  async count(where: ModelWhere<Table> = this.where()): Promise<number> {
    const counting = this.#scope.select().from(this.table).count();
    return Number(await this.#checkWhere(where, "count").applyTo(counting).value());
  }

  async sync(): Promise<void> {
    await this.#scope.createTable(this.table, this.columns, { ifNotExists: true }).yield();
  }

  where(): ModelWhere<Table> {
    return new WhereBuilder<ModelTables<Table>>();
  }

  in(scope: QueryScope): Model<Table, Links> {
    return new TableModel<Table, Links>(scope, this.table, this.columns, this.#associations);
  }

  /** The names of the columns. */
  get names(): readonly string[] {
    return this.#names;
  }

  /**
   * The single column of the primary key. If there is no single column, throws an error that names the method `taker`.
   */
  keyOf(taker: string): string {
    const [key] = this.#keys;
    if (key !== undefined && this.#keys.length === 1) return key;
    throw new QueryArgumentError(
      `${taker} needs a model with one primary key, but "${this.table}" has ${this.#keys.length}.`,
    );
  }

  /** The columns of this table that associations need. */
  keysOf(include: Include<Associations>): readonly string[] {
    return [
      ...new Set(
        toChosen(include).map(([name]) => {
          const association = this.associationOf(name);
          if (association.type === "belongsTo") return association.foreignKey;
          return association.sourceKey ?? this.keyOf(`The association "${name}"`);
        }),
      ),
    ];
  }

  associationOf(name: string): Associations[string] {
    const association = Object.hasOwn(this.#associations, name) ? this.#associations[name] : undefined;
    if (association !== undefined) return association;
    throw new QueryArgumentError(
      `The model of "${this.table}" has no association ${describeValue(name)}; it has ${Object.keys(this.#associations).join(", ") || "none"}.`,
    );
  }

  /** Adds the rows of associations to rows of this table, with one query for each association. */
  async loadInto(rows: readonly Row[], include: Include<Associations>, scope: QueryScope): Promise<void> {
    for (const [name, options] of toChosen(include)) {
      const target: unknown = this.associationOf(name).model();
      if (!(target instanceof TableModel)) {
        throw new QueryArgumentError(
          `"model" of the association "${name}" must return a model that defineModel() made.`,
        );
      }
      await loadIncluded({ source: this, target, name, options, rows, scope });
    }
  }

  /** A SELECT of rows of this table, for associations. */
  selectIncluded(scope: QueryScope, options: IncludeOptions, further: readonly string[]): IncludedSelect {
    checkKnown(options, includeKeys, "The options object of an include");
    const columns = options.columns ?? this.#names;
    for (const name of columns) if (!this.#types.has(name)) throw this.#unknownColumn(name);
    const names = [...new Set([...columns, ...further])].map((name) => `${this.table}.${name}`);
    let select = scope.select(...names).from(this.table);
    if (options.where !== undefined) select = this.#checkWhere(options.where, "include").applyTo(select);
    const orderIn = (given: typeof select) => {
      let ordered = options.where === undefined ? given : options.where.orderIn(given);
      for (const order of options.order ?? []) ordered = this.#order(ordered, order as never);
      return ordered;
    };
    return { select, orderIn, extra: further.filter((name) => !columns.includes(name)) };
  }

  /** Calls `read` with a SELECT and adds the included rows to its result. */
  async #find<Chosen, Column extends keyof Table & string>(
    where: ModelWhere<Table> | undefined,
    options: FindOptions<keyof Table & string, Chosen, Column>,
    read: (select: IncludedSelect["select"]) => Promise<Row[]>,
  ): Promise<WithIncluded<Table, Links, Chosen, Column>[]> {
    checkKnown(options, findKeys, "The options object of a model");
    const include = options.include as Include<Associations> | undefined;
    const needed = include === undefined ? [] : this.keysOf(include);
    const { columns } = options;
    const further = columns === undefined ? [] : needed.filter((name) => !columns.includes(name as Column));
    const rows = await read(this.#select(where, options, further));
    if (include !== undefined) await this.loadInto(rows, include, this.#scope);
    for (const row of rows) for (const name of further) delete row[name];
    return rows as WithIncluded<Table, Links, Chosen, Column>[];
  }

  #select(
    where: ModelWhere<Table> | undefined,
    options: FindOptions<keyof Table & string, unknown>,
    further: readonly string[],
  ): IncludedSelect["select"] {
    for (const name of options.columns ?? []) if (!this.#types.has(name)) throw this.#unknownColumn(name);
    const conditions = this.#checkWhere(where ?? this.where(), "findAll");
    const names = [...(options.columns ?? this.#names), ...further];
    let select = conditions.orderIn(conditions.applyTo(this.#scope.select(...names).from(this.table)));
    for (const order of options.order ?? []) select = this.#order(select, order);
    if (options.limit !== undefined) select = select.limit(options.limit);
    if (options.offset !== undefined) select = select.offset(options.offset);
    return select;
  }

  #order(
    select: IncludedSelect["select"],
    order: NonNullable<FindOptions["order"]>[number],
  ): IncludedSelect["select"] {
    const [column, direction] = typeof order === "string" ? [order, undefined] : order;
    if (!this.#types.has(column)) throw this.#unknownColumn(column);
    return select.order(column, direction);
  }

  #toStored(values: unknown, method: string): Row {
    const stored: Row = {};
    for (const [name, value] of Object.entries(checkRow(values, `${method}()`))) {
      const type = this.#types.get(name);
      if (type === undefined) throw this.#unknownColumn(name);
      const ready = value === undefined || value instanceof RawSQL || value instanceof NamedParam;
      stored[name] = ready ? value : toStoredValue(value, type, `The value of "${name}"`);
    }
    return stored;
  }

  #checkWhere<Where>(where: Where, method: string): Where & WhereBuilder<never> {
    if (where instanceof WhereBuilder) return where as never;
    throw new QueryArgumentError(
      `${method}() takes conditions such as Model.where().eq("id", 1), but ${describeValue(where)} was given.`,
    );
  }

  #unknownColumn(name: unknown): QueryArgumentError {
    return new QueryArgumentError(
      `The model of "${this.table}" has no column ${describeValue(name)}; its columns are ${this.#names.join(", ")}.`,
    );
  }
}

/** A SELECT to which the condition on the keys is added later. */
export interface IncludedSelect {
  readonly select: ReturnType<ReturnType<QueryScope["select"]>["from"]>;
  orderIn(select: IncludedSelect["select"]): IncludedSelect["select"];
  /** Columns that were read only to find the related rows. They are removed from the result. */
  readonly extra: readonly string[];
}

function toChosen(include: Include<Associations>): [name: string, options: IncludeOptions][] {
  if (Array.isArray(include)) return include.map((name) => [name, {}]);
  return Object.entries(checkRow(include, "include"))
    .filter(([, options]) => options !== undefined)
    .map(([name, options]) => [name, options === true ? {} : checkRow(options, `include of "${name}"`)]);
}
