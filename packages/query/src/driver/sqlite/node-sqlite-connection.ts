import type { DatabaseSync, StatementSync } from "node:sqlite";
import { StatementError } from "../../errors.js";
import type { Row } from "../../values/row.js";
import { type BigintMode, createRowMapper, type RowMapper } from "../../values/row-mapper.js";
import { chooseConverter, toColumnType, UnreadableValue } from "../../values/sqlite-conversions.js";
import { type SqliteValue, toSqliteValue } from "../../values/sqlite-value.js";
import type { Query, QueryResult } from "../driver.js";
import { StatementCache } from "../statement-cache.js";
import { loadNodeSqlite } from "./load-node-sqlite.js";
import {
  type SqliteConnection,
  type SqliteConnector,
  type SqliteCursor,
  SqliteFailure,
} from "./sqlite-connection.js";

/** What a driver for SQLite is told beside the storage. */
export interface SqliteConnectionOptions {
  readonly statementCache: number;
  readonly bigint: BigintMode;
}

// Another process may change tables at any moment; its changes are noticed after at most so many milliseconds.
const schemaCheckInterval = 100;

interface PreparedStatement {
  readonly statement: StatementSync;
  /** How many columns the statement gave when its mapper was made; 0 for one that gives no rows. */
  readonly width: number;
  readonly mapper: RowMapper;
}

/** Makes connections of Node's own SQLite, which works synchronously. */
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
  #schemaVersion: unknown;
  #schemaCheckedAt = Number.NEGATIVE_INFINITY;

  constructor(database: DatabaseSync, options: SqliteConnectionOptions) {
    this.#database = database;
    this.#options = options;
    this.#cache = new StatementCache(options.statementCache);
    this.#versionStatement = database.prepare("PRAGMA schema_version");
  }

  execute(query: Query): QueryResult {
    try {
      this.#checkSchema();
      const prepared = this.#cache.get(query.sql, this.#prepare);
      const params = query.params.map(toSqliteValue);
      if (prepared.width === 0)
        return { rows: [], affected: Number(prepared.statement.run(...params).changes) };
      const tuples = readAll(prepared.statement, params);
      const rows = this.#mapperFor(prepared, tuples)(tuples);
      return { rows, affected: rows.length };
    } catch (error) {
      throw toFailure(error, query.sql);
    }
  }

  open(query: Query): SqliteCursor {
    try {
      // Its own statement: running the cached one again would restart the loop that still reads it.
      const { statement, mapper } = this.#prepare(query.sql);
      const tuples = iterateAll(statement, query.params.map(toSqliteValue));
      return new NodeSqliteCursor(tuples, mapper, query.sql);
    } catch (error) {
      throw toFailure(error, query.sql);
    }
  }

  isInTransaction(): boolean {
    return this.#database.isOpen && this.#database.isTransaction;
  }

  distrustSchema(): void {
    this.#schemaCheckedAt = Number.NEGATIVE_INFINITY;
  }

  close(): void {
    this.#cache.clear();
    this.#database.close();
  }

  /** SQLite prepares a statement anew when tables change, but not what was read from it: types and names. */
  #checkSchema(): void {
    const now = performance.now();
    if (now - this.#schemaCheckedAt < schemaCheckInterval) return;
    const version = this.#versionStatement.get()?.schema_version;
    if (version !== this.#schemaVersion) this.#cache.clear();
    this.#schemaVersion = version;
    this.#schemaCheckedAt = now;
  }

  readonly #prepare = (sql: string): PreparedStatement => {
    const statement = this.#database.prepare(sql);
    const described = statement.columns();
    if (described.length > 0) statement.setReturnArrays(true);
    const mapper = this.#createMapper(statement);
    return { statement, width: described.length, mapper };
  };

  #createMapper(statement: StatementSync): RowMapper {
    const columns = statement.columns().map(({ name, type }) => ({ name, type: toColumnType(type) }));
    const wide = this.#options.bigint !== "number" && columns.some((column) => column.type === "bigint");
    if (wide) statement.setReadBigInts(true);
    return createRowMapper(columns, (column) => chooseConverter(column, this.#options.bigint, wide));
  }

  #mapperFor(prepared: PreparedStatement, tuples: readonly unknown[][]): RowMapper {
    if (tuples.length === 0 || tuples[0]?.length === prepared.width) return prepared.mapper;
    this.#cache.clear();
    return this.#createMapper(prepared.statement);
  }
}

class NodeSqliteCursor implements SqliteCursor {
  readonly #tuples: Iterator<unknown[]>;
  readonly #mapper: RowMapper;
  readonly #sql: string;

  constructor(tuples: Iterator<unknown[]>, mapper: RowMapper, sql: string) {
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

// Node's types know rows as objects only; setReturnArrays(true) makes them arrays.
function readAll(statement: StatementSync, params: SqliteValue[]): unknown[][] {
  return statement.all(...params) as unknown as unknown[][];
}

function iterateAll(statement: StatementSync, params: SqliteValue[]): Iterator<unknown[]> {
  return statement.iterate(...params) as unknown as Iterator<unknown[]>;
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
  // The low byte is the primary code, the others say more about it.
  return typeof errcode === "number" ? new SqliteFailure(errcode & 0xff, message, sql, error) : error;
}
