import type { Query, QueryResult } from "../../../driver/driver.js";
import type { Row } from "../../../values/row.js";
import type { BigintMode } from "../../../values/row-mapper.js";

/** What a driver for SQLite is told beside the storage. */
export interface SqliteConnectionOptions {
  readonly statementCache: number;
  readonly bigint: BigintMode;
}

/** Rows of a statement that is still running. */
export interface SqliteCursor {
  /** Up to `count` further rows; none when there are no more. */
  read(count: number): Row[] | Promise<Row[]>;
  close(): void | Promise<void>;
}

/**
 * One connection of any driver for SQLite, used by nobody else.
 * A driver may work at once or asynchronously. It throws `SqliteFailure` for what SQLite itself refuses.
 */
export interface SqliteConnection {
  execute(query: Query): QueryResult | Promise<QueryResult>;
  open(query: Query): SqliteCursor | Promise<SqliteCursor>;
  /** Whether a transaction is open; SQLite ends one by itself on some errors. */
  isInTransaction(): boolean | Promise<boolean>;
  /** Tells that another connection of this process may have changed tables. */
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

/** The primary result codes of SQLite that decide what happens next. */
export const sqliteResult = { busy: 5, readOnly: 8, constraint: 19 } as const;

/** Reads nothing, but finds that tables have changed, so that what is prepared next knows them as they are. */
export const schemaProbe = "SELECT 1 FROM sqlite_master LIMIT 0";
