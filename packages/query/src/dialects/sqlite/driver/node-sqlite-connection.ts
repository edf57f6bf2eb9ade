import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Query, QueryResult } from "../../../driver/driver.js";
import { StatementCache } from "../../../driver/statement-cache.js";
import { StatementError } from "../../../errors.js";
import type { Parameter } from "../../../values/parameter.js";
import type { Row } from "../../../values/row.js";
import {
  createRowMapper,
  type ResultColumn,
  type RowMapper,
  UnreadableValue,
} from "../../../values/row-mapper.js";
import { chooseConverter, toColumnType } from "../values/sqlite-conversions.js";
import { dependsOnColumn, type SqliteValue, toSqliteValue } from "../values/sqlite-value.js";
import { type DescribedColumn, describeStatement, toResultColumns } from "./described-columns.js";
import { hideLimits } from "./hide-limits.js";
import { loadNodeSqlite } from "./load-node-sqlite.js";
import {
  type SqliteConnection,
  type SqliteConnectionOptions,
  type SqliteConnector,
  type SqliteCursor,
  SqliteFailure,
  schemaProbe,
} from "./sqlite-connection.js";
import { type TableColumn, TableTypes, tableColumnsSQL, toTableArguments } from "./table-types.js";

// The interval, in milliseconds, at which changes of tables by other processes are detected.
const schemaCheckInterval = 100;

interface PreparedStatement {
  readonly statement: StatementSync;
  /** The number of columns that the mapper was made for; 0 if the statement returns no rows. */
  readonly width: number;
  readonly mapper: RowMapper;
}

/** Makes connections of `node:sqlite`, which is synchronous. */
export function createNodeSqliteConnector(options: SqliteConnectionOptions): SqliteConnector {
  return async (storage, { readOnly }) => {
    const { DatabaseSync } = loadNodeSqlite();
    return new NodeSqliteConnection(new DatabaseSync(storage, { readOnly, timeout: 0 }), options);
  };
}

class NodeSqliteConnection implements SqliteConnection {
  readonly #database: DatabaseSync;
  readonly #options: SqliteConnectionOptions;
  readonly #cache: StatementCache<PreparedStatement>;
  readonly #versionStatement: StatementSync;
  /** Before Node.js 22.16, rows are always objects, and a separate query must read the columns. */
  readonly #knowsColumns: boolean;
  readonly #types = new TableTypes();
  #schemaVersion: unknown;
  #schemaCheckedAt = Number.NEGATIVE_INFINITY;

  constructor(database: DatabaseSync, options: SqliteConnectionOptions) {
    this.#database = database;
    this.#options = options;
    this.#cache = new StatementCache(options.statementCache);
    this.#versionStatement = database.prepare("PRAGMA schema_version");
    this.#knowsColumns =
      typeof this.#versionStatement.columns === "function" &&
      typeof this.#versionStatement.setReturnArrays === "function";
  }

  execute(query: Query): QueryResult {
    try {
      this.#checkSchema();
      const { statement, width, mapper } = this.#prepared(query);
      const params = toStored(query) ?? this.#toStored(query);
      if (width === 0 || (width < 0 && !query.rows))
        return { rows: [], affected: Number(statement.run(...params).changes) };
      const tuples = statement.all(...params) as unknown as unknown[][];
      const rows = (tuples[0]?.length ?? width) === width ? mapper(tuples) : this.#mapAnew(statement, tuples);
      return { rows, affected: rows.length };
    } catch (error) {
      throw toFailure(error, query.sql);
    }
  }

  open(query: Query): SqliteCursor {
    try {
      // Uses a new statement. If a loop still reads the cached statement, running it again would restart that loop.
      if (query.results !== undefined) this.#learn(query);
      const { statement, mapper } = this.#prepare(query.sql, query);
      const tuples = statement.iterate(...(toStored(query) ?? this.#toStored(query))) as unknown as Iterator<
        unknown[]
      >;
      return new NodeSqliteCursor(statement, tuples, mapper, query.sql);
    } catch (error) {
      throw toFailure(error, query.sql);
    }
  }

  isInTransaction(): boolean {
    if (typeof this.#database.isTransaction === "boolean") return this.#database.isTransaction;
    try {
      this.#database.exec("BEGIN");
    } catch (error) {
      return /within a transaction/.test((error as Error).message);
    }
    this.#database.exec("ROLLBACK");
    return false;
  }

  distrustSchema(): void {
    this.#schemaCheckedAt = Number.NEGATIVE_INFINITY;
  }

  close(): void {
    this.#cache.clear();
    this.#database.close();
  }

  /** Converts the parameters. The form of some depends on their columns. */
  #toStored(query: Query): SqliteValue[] {
    this.#learn(query);
    return query.params.map((_, index) => this.#types.toStored(query, index));
  }

  /** Reads the declared types of the columns that the statement itself does not tell. */
  #learn(query: Query): void {
    for (const table of this.#types.missing(query)) {
      const names = toTableArguments(table);
      const sql = names.length === 1 ? tableColumnsSQL.anywhere : tableColumnsSQL.inSchema;
      this.#types.learn(table, this.#database.prepare(sql).all(...names) as unknown as TableColumn[]);
    }
  }

  /** The statement of a query, from the cache. */
  #prepared(query: Query): PreparedStatement {
    if (query.results === undefined) return this.#cache.get(query.sql, this.#prepare);
    this.#learn(query);
    // The same SQL without known columns behind its result is another statement.
    return this.#cache.get(`${query.sql}\0`, () => this.#prepare(query.sql, query));
  }

  /**
   * When tables change, SQLite prepares a statement again by itself. But this package must also read the types and
   * names of its columns again.
   */
  #checkSchema(): void {
    // `performance.now()` would take four times as long.
    const now = Date.now();
    if (now - this.#schemaCheckedAt < schemaCheckInterval && now >= this.#schemaCheckedAt) return;
    const version = this.#versionStatement.get()?.schema_version;
    if (version !== this.#schemaVersion) {
      this.#database.exec(schemaProbe);
      this.#cache.clear();
      this.#types.clear();
    }
    this.#schemaVersion = version;
    this.#schemaCheckedAt = now;
  }

  readonly #prepare = (sql: string, query: Pick<Query, "results"> = {}): PreparedStatement => {
    const statement = this.#database.prepare(hideLimits(sql));
    const columns = this.#types.complete(this.#columnsOf(statement, sql), query);
    if (!this.#knowsColumns)
      return { statement, width: -1, mapper: this.#createObjectMapper(statement, columns) };
    if (columns.length > 0) statement.setReturnArrays(true);
    return { statement, width: columns.length, mapper: this.#createMapper(statement, columns) };
  };

  #columnsOf(statement: StatementSync, sql: string): readonly ResultColumn[] {
    if (this.#knowsColumns) {
      return statement.columns().map(({ name, type }) => ({ name, type: toColumnType(type) }));
    }
    const description = describeStatement(sql);
    if (description === undefined) return [];
    this.#database.exec(description.begin);
    const described = this.#database.prepare(description.read).all() as unknown as DescribedColumn[];
    this.#database.exec(description.end);
    return toResultColumns(described);
  }

  #createMapper(statement: StatementSync, columns: readonly ResultColumn[]): RowMapper {
    const { bigint } = this.#options;
    const wide = bigint !== "number" && columns.some((column) => column.type === "bigint");
    if (wide) statement.setReadBigInts(true);
    return createRowMapper(
      columns.map((column) => column.name),
      columns.map((column) => chooseConverter(column, bigint, wide)),
    );
  }

  /** Makes the mapper for rows that are already objects. */
  #createObjectMapper(statement: StatementSync, columns: readonly ResultColumn[]): RowMapper {
    const { bigint } = this.#options;
    const wide = bigint !== "number" && columns.some((column) => column.type === "bigint");
    if (wide) statement.setReadBigInts(true);
    const converters = new Map(
      columns.map((column) => [column.name, chooseConverter(column, bigint, wide)] as const),
    );
    return (objects) =>
      (objects as unknown as Row[]).map((object) => {
        const row: Row = Object.hasOwn(object, "__proto__") ? Object.create(null) : {};
        for (const name of Object.keys(object)) {
          const convert = converters.get(name);
          row[name] = convert === undefined ? object[name] : convert(object[name]);
        }
        return row;
      });
  }

  /** Maps rows of a statement whose table has changed since the statement was cached. */
  #mapAnew(statement: StatementSync, tuples: readonly unknown[][]): Row[] {
    if (!this.#knowsColumns) return this.#createObjectMapper(statement, [])(tuples);
    this.#cache.clear();
    return this.#createMapper(statement, this.#columnsOf(statement, ""))(tuples);
  }
}

class NodeSqliteCursor implements SqliteCursor {
  /** Keeps a reference to the statement: older versions of Node.js would free it during the loop. */
  readonly statement: StatementSync;
  readonly #tuples: Iterator<unknown[]>;
  readonly #mapper: RowMapper;
  readonly #sql: string;

  constructor(statement: StatementSync, tuples: Iterator<unknown[]>, mapper: RowMapper, sql: string) {
    this.statement = statement;
    this.#tuples = tuples;
    this.#mapper = mapper;
    this.#sql = sql;
  }

  read(count: number): Row[] {
    try {
      const batch: unknown[][] = [];
      while (batch.length < count) {
        const { done, value } = this.#tuples.next();
        if (done) break;
        batch.push(value);
      }
      return this.#mapper(batch);
    } catch (error) {
      throw toFailure(error, this.#sql);
    }
  }

  close(): void {
    this.#tuples.return?.();
  }
}

/** Converts the parameters without their columns. Use it only if no parameter is a `Date` of an unknown column. */
/** Converts the parameters, unless the form of one of them depends on its column. */
function toStored({ params, targets }: Query): SqliteValue[] | undefined {
  const stored = new Array<SqliteValue>(params.length);
  for (let index = 0; index < params.length; index++) {
    const value = params[index] as Parameter;
    if (targets !== undefined && dependsOnColumn(value)) return undefined;
    stored[index] = toSqliteValue(value);
  }
  return stored;
}

function toFailure(error: unknown, sql: string): unknown {
  if (error instanceof UnreadableValue) {
    return new StatementError("QUERY_UNREADABLE_VALUE", error.message, sql, error);
  }
  const { code, errcode, message } = error as { code?: string; errcode?: number; message: string };
  if (code === "ERR_OUT_OF_RANGE") {
    return new StatementError(
      "QUERY_UNREADABLE_VALUE",
      `${message}; declare the column as bigint and give the Database { bigint: "bigint" } or { bigint: "string" }.`,
      sql,
      error,
    );
  }
  // The low byte is the primary result code. The other bytes contain details.
  return typeof errcode === "number" ? new SqliteFailure(errcode & 0xff, message, sql, error) : error;
}
