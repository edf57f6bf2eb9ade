import type { Query, QueryResult } from "../../../driver/driver.js";
import type { Row } from "../../../values/row.js";
import type { BigintMode } from "../../../values/row-mapper.js";

/** The options of a driver for SQLite beside the storage. */
export interface SqliteConnectionOptions {
  readonly statementCache: number;
  readonly bigint: BigintMode;
}

/** The rows of a statement that is still running. */
export interface SqliteCursor {
  /** Up to `count` further rows; an empty array at the end. */
  read(count: number): Row[] | Promise<Row[]>;
  close(): void | Promise<void>;
}

/**
 * A connection of any driver for SQLite, with one user. A driver may be synchronous or asynchronous. It throws
 * `SqliteFailure` for every error of SQLite itself.
 */
export interface SqliteConnection {
  execute(query: Query): QueryResult | Promise<QueryResult>;
  open(query: Query): SqliteCursor | Promise<SqliteCursor>;
  /** Whether a transaction is open. SQLite ends a transaction by itself on some errors. */
  isInTransaction(): boolean | Promise<boolean>;
  /** Reports that another connection of this process may have changed tables. */
  distrustSchema(): void;
  close(): void | Promise<void>;
}

/** Opens a connection: to a file, read-only or not, or to `:memory:`. */
export type SqliteConnector = (
  storage: string,
  options: { readonly readOnly: boolean },
) => Promise<SqliteConnection>;

/** SQLite refused: `result` is its primary result code. */
export class SqliteFailure extends Error {
  readonly result: number;
  readonly sql: string;

  constructor(result: number, message: string, sql: string, cause: unknown) {
    super(message, { cause });
    this.result = result;
    this.sql = sql;
  }
}

/** The primary result codes of SQLite that decide the next step. */
export const sqliteResult = { busy: 5, readOnly: 8, constraint: 19 } as const;

/** Reads nothing, but notices that tables have changed, so that the next prepared statement knows the new tables. */
export const schemaProbe = "SELECT 1 FROM sqlite_master LIMIT 0";
