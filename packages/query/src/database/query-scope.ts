import { emptySelect } from "../ast/select-node.js";
import { Branch, Shape } from "../ast/shape.js";
import type { StatementNode } from "../ast/statement-node.js";
import type { CreateIndexNode, CreateTableNode } from "../ast/table-nodes.js";
import { createDeleteNode, createInsertNode, createUpdateNode } from "../ast/write-nodes.js";
import { AlterTableBuilder } from "../builder/alter-table-builder.js";
import { checkName, checkTable } from "../builder/check-arguments.js";
import { type Columns, toColumnDefinitions } from "../builder/column-options.js";
import { DeleteBuilder } from "../builder/delete-builder.js";
import { InsertBuilder } from "../builder/insert-builder.js";
import { PreparedQuery } from "../builder/prepared-query.js";
import { SchemaStatement } from "../builder/schema-statement.js";
import type { AnySchema, NoTables, WithTable } from "../builder/schema-types.js";
import {
  type AnySelectBuilder,
  type ColumnsOf,
  fromBranch,
  SelectBuilder,
} from "../builder/select-builder.js";
import { partsOf, ShapedBuilder } from "../builder/shaped-builder.js";
import { splitName } from "../builder/split-name.js";
import type { Statement } from "../builder/statement-builder.js";
import type { StatementRunner } from "../builder/statement-runner.js";
import { UpdateBuilder } from "../builder/update-builder.js";
import type { CompiledShape } from "../compiler/compiled-query.js";
import type { Dialect, DialectName } from "../dialects/dialect.js";
import type { DriverSession, Query, QueryResult, TransactionOptions } from "../driver/driver.js";
import { QueryArgumentError } from "../errors.js";
import { type Logger, silentLogger } from "../logger.js";
import { checkFlags } from "../options/check-flags.js";
import { checkWidth } from "../sql/check-width.js";
import { NamedParam, type Value } from "../sql/named-param.js";
import { createRawSQL, type RawSQL } from "../sql/raw-sql.js";
import type { RawStatements } from "../sql/raw-statement.js";
import { queryChannel } from "../tracing/query-channel.js";
import { type TracedQuery, traceQuery, traceRows } from "../tracing/trace-query.js";
import type { ArrayItem, ArrayValue } from "../values/array-value.js";
import { createArrayValue } from "../values/create-array-value.js";
import { describeValue } from "../values/describe-value.js";
import type { Parameter } from "../values/parameter.js";
import type { Row } from "../values/row.js";
import { checkNotInsideTransaction } from "./scope-frames.js";
import type { Transaction } from "./transaction.js";

/** The settings that a database shares with its transactions. */
export interface ScopeSettings {
  /** The name of the database. */
  readonly name: string;
  readonly dialect: Dialect;
  readonly rawStatements: RawStatements;
  readonly logger: Logger;
  readonly lockTimeout: number;
}

const noValues: readonly never[] = Object.freeze([]);
const selects = new Shape(emptySelect);
const inserts = new Branch();
const updates = new Branch();
const deletes = new Branch();

/**
 * The common methods of a `Database` and of the `tx` of a transaction. `Schema` is a type that maps table names to
 * rows. Without it, TypeScript does not check names, and rows are `Record<string, any>`.
 */
export abstract class QueryScope<Schema extends object = AnySchema> {
  protected readonly settings: ScopeSettings;
  readonly #runner: StatementRunner;

  constructor(settings: ScopeSettings) {
    this.settings = settings;
    this.#runner = this.#createRunner();
  }

  /** The name of the dialect. */
  get dialect(): DialectName {
    return this.settings.dialect.name;
  }

  /**
   * Begins a SELECT of these columns. Without arguments, it selects all columns. With a `Schema`, `from` checks the
   * columns.
   */
  select<const Picked extends readonly (string | RawSQL<unknown, string>)[]>(
    ...columns: Picked
  ): SelectBuilder<Schema, NoTables<Schema>, Picked[number]> {
    const begin = new SelectBuilder<Schema, NoTables<Schema>, never>(selects, noValues, this.#runner);
    return (columns.length === 0 ? begin : begin.select(...(columns as unknown as never[]))) as never;
  }

  /** Begins a SELECT from a table. `select` then checks its columns at once. */
  from<Table extends keyof Schema & string, Name extends string = Table>(
    table: Table,
    as?: Name,
  ): SelectBuilder<Schema, WithTable<NoTables<Schema>, Name, Schema[Table]>, never> {
    if (as === undefined) {
      // This is the usual case, so it is optimized.
      const { shape } = fromBranch(selects, table);
      if (shape !== undefined) return new SelectBuilder(shape as typeof selects, noValues, this.#runner);
    }
    return this.select().from(table, as as never) as never;
  }

  /** Begins a SELECT with a WITH clause: `with("recent", select).from("recent")`. */
  with<Name extends string, From extends AnySelectBuilder>(
    name: Name,
    select: From,
  ): SelectBuilder<WithTable<Schema, Name, ColumnsOf<Schema, From>>, NoTables<Schema>, never> {
    return this.select().with(name, select) as never;
  }

  /** Begins an INSERT. */
  insert<Table extends keyof Schema & string>(table: Table): InsertBuilder<Schema[Table]> {
    return new InsertBuilder<Schema[Table]>(
      shapeAt(inserts, checkTable(table, "insert"), createInsertNode),
      noValues,
      this.#runner,
    );
  }

  /** Begins an UPDATE. */
  update<Table extends keyof Schema & string>(
    table: Table,
  ): UpdateBuilder<WithTable<NoTables<Schema>, Table, Schema[Table]>, Schema[Table]> {
    return new UpdateBuilder(
      shapeAt(updates, checkTable(table, "update"), createUpdateNode),
      noValues,
      this.#runner,
    );
  }

  /** Begins a DELETE. */
  delete<Table extends keyof Schema & string>(
    table: Table,
  ): DeleteBuilder<WithTable<NoTables<Schema>, Table, Schema[Table]>, Schema[Table]> {
    return new DeleteBuilder(
      shapeAt(deletes, checkTable(table, "delete"), createDeleteNode),
      noValues,
      this.#runner,
    );
  }

  /** Works like `delete`. */
  deleteFrom<Table extends keyof Schema & string>(
    table: Table,
  ): DeleteBuilder<WithTable<NoTables<Schema>, Table, Schema[Table]>, Schema[Table]> {
    return this.delete(table);
  }

  /** Begins a CREATE TABLE. With `ifNotExists`, an existing table with this name is not changed. */
  createTable(
    table: string,
    columns: Columns,
    options: { readonly ifNotExists?: boolean } = {},
  ): Statement<Row> {
    const name = checkTable(table, "createTable");
    checkFlags(options, ["ifNotExists"], "createTable()");
    const ifNotExists = options.ifNotExists ?? false;
    const definitions = toColumnDefinitions(name, columns);
    const indexes = definitions
      .filter((column) => column.index)
      .map((column) => toIndexNode(name, [column.name], { ifNotExists }));
    const node: CreateTableNode = { kind: "create-table", table: name, columns: definitions, ifNotExists };
    return new SchemaStatement(new Shape(node), noValues, this.#runner, indexes);
  }

  /** Begins a DROP TABLE. With `ifExists`, it does nothing if the table does not exist. */
  dropTable(table: string, options: { readonly ifExists?: boolean } = {}): Statement<Row> {
    checkFlags(options, ["ifExists"], "dropTable()");
    return this.#schemaStatement({
      kind: "drop-table",
      table: checkTable(table, "dropTable"),
      ifExists: options.ifExists ?? false,
    });
  }

  /** Begins an ALTER TABLE. A statement makes one change. */
  alterTable(table: string): AlterTableBuilder {
    return new AlterTableBuilder(checkTable(table, "alterTable"), (node) => this.#schemaStatement(node));
  }

  /** Begins a CREATE INDEX on columns of a table. The default name is made from the table and the columns. */
  createIndex(
    table: string,
    columns: string | readonly string[],
    options: { readonly name?: string; readonly unique?: boolean; readonly ifNotExists?: boolean } = {},
  ): Statement<Row> {
    const list = typeof columns === "string" ? [columns] : columns;
    checkFlags(options, ["unique", "ifNotExists"], "createIndex()", ["name"]);
    return this.#schemaStatement(toIndexNode(checkTable(table, "createIndex"), list, options));
  }

  /** Begins a DROP INDEX by the index's name. The default name of an index is `TABLE_COLUMN_COLUMN`. */
  dropIndex(name: string, options: { readonly ifExists?: boolean } = {}): Statement<Row> {
    checkFlags(options, ["ifExists"], "dropIndex()");
    return this.#schemaStatement({
      kind: "drop-index",
      name: checkName(name, "An index"),
      ifExists: options.ifExists ?? false,
    });
  }

  /** Deletes every row of a table. `autoIncrement` columns continue with the next number. */
  truncate(table: string): Statement<Row> {
    return this.#schemaStatement({ kind: "truncate", table: checkTable(table, "truncate") });
  }

  /**
   * SQL for use in a builder, with `?` for each of `params`: `db.raw("count(*)").as("n")`. The text is sent to the
   * database unchanged, so it must not contain input of users.
   */
  // biome-ignore lint/suspicious/noExplicitAny: the type of an expression is only known to the caller
  raw<Result = any>(sql: string, ...params: Value[]): RawSQL<Result> {
    return createRawSQL<Result>(sql, params);
  }

  /**
   * Makes one parameter of an array. PostgreSQL gets an array, for SQL such as `raw("id = ANY(?)", db.array(ids))`.
   * SQLite gets a string with a JSON array.
   */
  array(items: readonly ArrayItem[]): ArrayValue {
    return createArrayValue(items, "The argument of array()");
  }

  /** A named parameter of a prepared query. Each call gives its value: `.eq("id", db.param("id")).prepare()`. */
  param(name: string): NamedParam {
    return new NamedParam(name);
  }

  /**
   * Sends one statement and resolves to its rows. Throws a `StatementError` if the database refuses the statement.
   *
   * @param sql the statement, with the placeholders `?`, or `$1`, `$2` and so on
   * @param params the values of the placeholders
   */
  async query<Result = Row>(sql: string, params: readonly Parameter[] = []): Promise<Result[]> {
    const query = this.settings.rawStatements.toQuery(sql, params);
    return (await this.execute(query, undefined)).rows as Result[];
  }

  /**
   * Works like `query`, but returns the rows one by one, with limited memory use. When the loop ends, its resources are
   * released.
   */
  queryIterator<Result = Row>(sql: string, params: readonly Parameter[] = []): AsyncIterableIterator<Result> {
    return this.#iterate(() =>
      this.settings.rawStatements.toQuery(sql, params),
    ) as AsyncIterableIterator<Result>;
  }

  /** Returns the lines of the plan that the database would use for a statement. The statement does not run. */
  async explain(statement: ShapedBuilder<StatementNode>): Promise<string[]> {
    if (!(statement instanceof ShapedBuilder)) {
      throw new QueryArgumentError(`explain() takes a builder, but ${describeValue(statement)} was given.`);
    }
    const { shape, values } = partsOf(statement as ShapedBuilder<StatementNode>);
    const { explain, toPlanLine } = this.settings.dialect;
    const query = this.#toQuery(shape, values);
    const plan = { ...query, sql: explain + query.sql, access: "read", rows: true } as const;
    return (await this.execute(plan, undefined)).rows.map(toPlanLine);
  }

  /**
   * Runs the callback in a transaction. Commits if the callback resolves, and rolls back if it throws. Send the
   * statements of the transaction through `tx`. `tx.transaction()` begins a savepoint. Throws the error of the callback,
   * or a `TransactionError` if the transaction was used wrongly or lost.
   */
  abstract transaction<Result>(
    callback: (tx: Transaction<Schema>) => Promise<Result>,
    options?: TransactionOptions,
  ): Promise<Result>;

  /** The current session. Throws if the database is not connected or the transaction has ended. */
  protected abstract session(): DriverSession;

  /** Sends a statement, if necessary after earlier statements of the session. */
  protected send(query: Query): QueryResult | Promise<QueryResult> {
    return this.session().execute(query);
  }

  protected execute(query: Query, logger: Logger = this.settings.logger): QueryResult | Promise<QueryResult> {
    checkNotInsideTransaction(this);
    if (queryChannel.hasSubscribers)
      return traceQuery(this.#describe(query), () => this.#executeAloud(query, logger));
    return logger === silentLogger ? this.send(query) : this.#executeAloud(query, logger);
  }

  #describe({ sql }: Query): TracedQuery {
    const { name, dialect } = this.settings;
    return { sql, dialect: dialect.name, database: name };
  }

  async #executeAloud(query: Query, logger: Logger): Promise<QueryResult> {
    const startedAt = performance.now();
    let result: QueryResult;
    try {
      result = await this.send(query);
    } catch (error) {
      logger.debug("%s; failed: %s", query.sql, (error as Error).message);
      throw error;
    }
    const time = (performance.now() - startedAt).toFixed(1);
    logger.debug("%s; %d row(s) in %s ms", query.sql, result.affected, time);
    return result;
  }

  #createRunner(): StatementRunner {
    return {
      guardsSchema: this.settings.dialect.schemaLock !== undefined,
      compile: (shape, values) => {
        const { sql, params } = this.#toQuery(shape, values);
        return { sql, params };
      },
      run: (shape, values, logger) => this.execute(this.#toQuery(shape, values), logger),
      iterate: (shape, values) => this.#iterate(() => this.#toQuery(shape, values)),
      prepare: (shape, values) => {
        const { sql, slots, targets, results, counts, access, rows, echoes } = this.#compile(shape);
        const ordered = slots === undefined ? values : slots.map((slot) => values[slot] as Value);
        this.#checkWidth(ordered.length);
        return new PreparedQuery({ sql, targets, results, access, rows, echoes }, ordered, counts, {
          send: (query) => this.execute(query, undefined),
          iterate: (query) => this.#iterate(() => query),
        });
      },
      runTogether: (shapes, guarded, logger) =>
        this.transaction(async (tx) => {
          const { schemaLock } = this.settings.dialect;
          if (guarded && schemaLock !== undefined) await tx.query(schemaLock);
          for (const shape of shapes) await tx.#runner.run(shape, noValues, logger);
        }),
    };
  }

  #schemaStatement<Node extends StatementNode>(node: Node): SchemaStatement<Node> {
    return new SchemaStatement<Node>(new Shape(node), noValues, this.#runner);
  }

  #compile(shape: Shape<StatementNode>): CompiledShape {
    const { dialect } = this.settings;
    const known = shape.compiled[dialect.index] as CompiledShape | undefined;
    if (known !== undefined) return known;
    const compiled = dialect.createCompiler().compile(shape.node);
    shape.compiled[dialect.index] = compiled;
    return compiled;
  }

  #toQuery(shape: Shape<StatementNode>, values: readonly Value[]): Query {
    const { sql, slots, width, targets, results, access, rows, echoes } = this.#compile(shape);
    if (width > this.settings.dialect.mostParameters) this.#checkWidth(width);
    if (slots === undefined && width === values.length) {
      for (let index = 0; index < width; index++) if (values[index] instanceof NamedParam) refuseNamed();
      return { sql, params: values as readonly Parameter[], targets, results, access, rows, echoes };
    }
    const params = new Array<Parameter>(width);
    for (let index = 0; index < width; index++) {
      const value = values[slots === undefined ? index : (slots[index] as number)] as Value;
      if (value instanceof NamedParam) refuseNamed();
      params[index] = value;
    }
    return { sql, params, targets, results, access, rows, echoes };
  }

  #checkWidth(width: number): void {
    checkWidth(width, this.settings.dialect);
  }

  async *#iterate(toQuery: () => Query): AsyncGenerator<Row, void, undefined> {
    const query = toQuery();
    checkNotInsideTransaction(this);
    this.settings.logger.debug("%s", query.sql);
    const { hasSubscribers } = queryChannel;
    const iterate = (): AsyncIterable<readonly Row[]> => this.session().iterate(query);
    const batches = hasSubscribers ? traceRows(this.#describe(query), iterate) : iterate();
    // A nested loop saves a turn of the event loop for each row in comparison with `yield*`.
    for await (const rows of batches) {
      for (const row of rows) yield row;
    }
  }
}

function shapeAt<Node extends object>(
  root: Branch,
  table: string,
  toNode: (table: string) => Node,
): Shape<Node> {
  const branch = root.at(table);
  branch.shape ??= new Shape(toNode(table));
  return branch.shape as Shape<Node>;
}

function toIndexNode(
  table: string,
  columns: readonly string[],
  options: { readonly name?: string; readonly unique?: boolean; readonly ifNotExists?: boolean },
): CreateIndexNode {
  if (columns.length === 0) throw new QueryArgumentError("createIndex() takes at least one column.");
  for (const column of columns) checkName(column, "A column of createIndex()");
  const { name = `${table}_${columns.join("_")}`, unique = false, ifNotExists = false } = options;
  return {
    kind: "create-index",
    name: toIndexName(name, table, columns),
    table,
    columns: [...columns],
    unique,
    ifNotExists,
  };
}

/** An index is in the schema of its table, so its own name has no schema. */
function toIndexName(given: unknown, table: string, columns: readonly string[]): string {
  const checked = checkName(given, "The name of an index");
  const whole = `${table}_${columns.join("_")}`;
  const { schema } = splitName(table);
  // The name of a column may contain a dot, which does not separate a schema.
  if (checked === whole) return schema === undefined ? whole : whole.slice(schema.length + 1);
  const { schema: own, name } = splitName(checked);
  if (own === undefined || own === schema) return checkName(name, "The name of an index");
  throw new QueryArgumentError(
    `The index "${checked}" cannot be in another schema than its table "${table}"; give its name without a schema.`,
  );
}

function refuseNamed(): never {
  throw new QueryArgumentError(
    "The statement has named parameters (param); call .prepare() and pass their values to the prepared query.",
  );
}
