import { createRawNode, type RawNode } from "../ast/expression-node.js";
import { createSelectNode } from "../ast/select-node.js";
import type { StatementNode } from "../ast/statement-node.js";
import { createCreateTableNode, createDropTableNode } from "../ast/table-nodes.js";
import { createDeleteNode, createInsertNode, createUpdateNode } from "../ast/write-nodes.js";
import { checkTable, toOperandNodes } from "../builder/check-arguments.js";
import { type Columns, toColumnDefinitions } from "../builder/column-options.js";
import { DeleteBuilder } from "../builder/delete-builder.js";
import { InsertBuilder } from "../builder/insert-builder.js";
import { SelectBuilder } from "../builder/select-builder.js";
import { type Statement, StatementBuilder } from "../builder/statement-builder.js";
import type { StatementRunner } from "../builder/statement-runner.js";
import { UpdateBuilder } from "../builder/update-builder.js";
import type { Dialect, DialectName } from "../dialect/dialect.js";
import type { Access, DriverSession, Query, QueryResult, TransactionOptions } from "../driver/driver.js";
import type { Logger } from "../logger.js";
import type { RawStatements } from "../sql/raw-statement.js";
import type { Parameter } from "../values/parameter.js";
import type { Row } from "../values/row.js";
import { checkNotInsideTransaction } from "./scope-frames.js";
import type { Transaction } from "./transaction.js";

/** What the transactions of a database have in common with it. */
export interface ScopeSettings {
  readonly dialect: Dialect;
  readonly rawStatements: RawStatements;
  readonly logger: Logger;
  readonly lockTimeout: number;
}

/** What statements can be sent through: a `Database`, or the `tx` of a transaction. */
export abstract class QueryScope {
  protected readonly settings: ScopeSettings;
  readonly #runner: StatementRunner = {
    compile: (node) => this.settings.dialect.createCompiler().compile(node),
    run: (node, logger) => this.execute(this.#toQuery(node), logger),
    iterate: (node) => this.#iterate(() => this.#toQuery(node)),
  };

  constructor(settings: ScopeSettings) {
    this.settings = settings;
  }

  /** The name of the dialect. */
  get dialect(): DialectName {
    return this.settings.dialect.name;
  }

  /** Begins a SELECT of these columns, or of all when none is named. */
  select(...columns: (string | RawNode)[]): SelectBuilder {
    return new SelectBuilder(createSelectNode(toOperandNodes(columns)), this.#runner);
  }

  /** Begins an INSERT. */
  insert(table: string): InsertBuilder {
    return new InsertBuilder(createInsertNode(checkTable(table, "insert")), this.#runner);
  }

  /** Begins an UPDATE. */
  update(table: string): UpdateBuilder {
    return new UpdateBuilder(createUpdateNode(checkTable(table, "update")), this.#runner);
  }

  /** Begins a DELETE. */
  delete(table: string): DeleteBuilder {
    return new DeleteBuilder(createDeleteNode(checkTable(table, "delete")), this.#runner);
  }

  /** As `delete`. */
  deleteFrom(table: string): DeleteBuilder {
    return this.delete(table);
  }

  /** A CREATE TABLE; with `ifNotExists` a table of this name is left as it is. */
  createTable(
    table: string,
    columns: Columns,
    options: { readonly ifNotExists?: boolean } = {},
  ): Statement<Row> {
    const name = checkTable(table, "createTable");
    const definitions = toColumnDefinitions(name, columns);
    const node = createCreateTableNode(name, definitions, options.ifNotExists ?? false);
    return new StatementBuilder<typeof node, Row>(node, this.#runner);
  }

  /** A DROP TABLE; with `ifExists` it is no error if there is no table of this name. */
  dropTable(table: string, options: { readonly ifExists?: boolean } = {}): Statement<Row> {
    const node = createDropTableNode(checkTable(table, "dropTable"), options.ifExists ?? false);
    return new StatementBuilder<typeof node, Row>(node, this.#runner);
  }

  /**
   * SQL for a place in a builder, with `?` for each of `params`: `db.raw("count(*) AS n")`.
   * The text reaches the database as it is, so no input belongs into it.
   */
  raw(sql: string, ...params: Parameter[]): RawNode {
    return createRawNode(sql, params);
  }

  /**
   * Sends one statement and resolves to its rows.
   * `params` fill the placeholders `?`, or `$1`, `$2`, ... by number.
   */
  async query<Result = Row>(sql: string, params: readonly Parameter[] = []): Promise<Result[]> {
    const query = this.settings.rawStatements.toQuery(sql, params);
    return (await this.execute(query, undefined)).rows as Result[];
  }

  /** As `query`, but the rows come one by one with bounded memory; leaving the loop frees what it held. */
  queryIterator<Result = Row>(sql: string, params: readonly Parameter[] = []): AsyncIterableIterator<Result> {
    return this.#iterate(() =>
      this.settings.rawStatements.toQuery(sql, params),
    ) as AsyncIterableIterator<Result>;
  }

  /**
   * Runs the callback in a transaction, commits when it resolves and rolls back when it throws.
   * Statements of the transaction go through `tx`; `tx.transaction()` is a savepoint in it.
   */
  abstract transaction<Result>(
    callback: (tx: Transaction) => Promise<Result>,
    options?: TransactionOptions,
  ): Promise<Result>;

  /** The session of this moment; throws if there is none any more. */
  protected abstract session(): DriverSession;

  /** Sends a statement once the session is free for it. */
  protected send(query: Query): Promise<QueryResult> {
    return this.session().execute(query);
  }

  protected async execute(query: Query, logger: Logger = this.settings.logger): Promise<QueryResult> {
    checkNotInsideTransaction(this);
    const startedAt = performance.now();
    try {
      const result = await this.send(query);
      logger.debug(
        "%s; %d row(s) in %s ms",
        query.sql,
        result.affected,
        (performance.now() - startedAt).toFixed(1),
      );
      return result;
    } catch (error) {
      logger.debug("%s; failed: %s", query.sql, (error as Error).message);
      throw error;
    }
  }

  #toQuery(node: StatementNode): Query {
    const { sql, params } = this.#runner.compile(node);
    return { sql, params, access: accessOf(node) };
  }

  async *#iterate(toQuery: () => Query): AsyncGenerator<Row, void, undefined> {
    const query = toQuery();
    checkNotInsideTransaction(this);
    this.settings.logger.debug("%s", query.sql);
    yield* this.session().iterate(query);
  }
}

function accessOf(node: StatementNode): Access {
  switch (node.kind) {
    case "select":
      // A raw expression may call a function that writes.
      return "read-or-write";
    case "create-table":
    case "drop-table":
      return "schema";
    default:
      return "write";
  }
}
