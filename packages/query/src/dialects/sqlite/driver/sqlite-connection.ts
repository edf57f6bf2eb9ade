import type { Query, QueryResult } from "../../../driver/driver.js";
import type { Row } from "../../../values/row.js";
import type { BigintMode } from "../../../values/row-mapper.js";

/** The options of a driver for SQLite, except the storage. */
export interface SqliteConnectionOptions {
  readonly statementCache: number;
  readonly bigint: BigintMode;
}

/** A cursor over the rows of a running statement. */
export interface SqliteCursor {
  /** Reads at most `count` more rows. Returns an empty array at the end. */
  read(count: number): Row[] | Promise<Row[]>;
  close(): void | Promise<void>;
}

/**
 * A connection of a driver for SQLite. One caller uses it at a time. The driver may be synchronous or asynchronous. It
 * throws `SqliteFailure` for every error that SQLite reports.
 */
export interface SqliteConnection {
  execute(query: Query): QueryResult | Promise<QueryResult>;
  open(query: Query): SqliteCursor | Promise<SqliteCursor>;
  /** Whether a transaction is open. SQLite ends a transaction by itself on some errors. */
  isInTransaction(): boolean | Promise<boolean>;
  /** Call this after another connection of this process may have changed tables. */
  distrustSchema(): void;
  close(): void | Promise<void>;
}

/** Opens a connection to a file or to `:memory:`. The connection to a file may be read-only. */
export type SqliteConnector = (
  storage: string,
  options: { readonly readOnly: boolean },
) => Promise<SqliteConnection>;

/** An error of SQLite. `result` is its primary result code. */
export class SqliteFailure extends Error {
  readonly result: number;
  readonly sql: string;

  constructor(result: number, message: string, sql: string, cause: unknown) {
    super(message, { cause });
    this.result = result;
    this.sql = sql;
  }
}

/** The primary result codes of SQLite that this package handles. */
export const sqliteResult = { busy: 5, readOnly: 8, constraint: 19 } as const;

/** This statement returns no rows. It makes the connection read the schema again if tables have changed. */
export const schemaProbe = "SELECT 1 FROM sqlite_master LIMIT 0";
