import type { Parameter } from "../values/parameter.js";
import type { Row } from "../values/row.js";

/**
 * The access that a statement needs. `read` never changes data. `read-or-write` begins like a read but may write
 * (`WITH ... INSERT`). `schema` may change tables.
 */
export type Access = "read" | "read-or-write" | "write" | "schema";

/** A column of a statement. If the statement reads several tables, the column may be in any of them. */
export interface ColumnTarget {
  readonly tables: readonly string[];
  readonly column: string;
}

/** A compiled statement with the placeholders of its dialect and its parameters. */
export interface Query {
  readonly sql: string;
  readonly params: readonly Parameter[];
  /** For each parameter, the column that it is compared with or written to. Some drivers need it. */
  readonly targets?: readonly (ColumnTarget | undefined)[] | undefined;
  /** The columns whose values the columns of the result are, for drivers that do not know it of `min` and `max`. */
  readonly results?: readonly (ColumnTarget | undefined)[] | undefined;
  readonly access: Access;
  /** Whether the statement returns rows. */
  readonly rows: boolean;
  /** Whether the rows contain the values of the parameters, such as the rows of a plain INSERT ... RETURNING. */
  readonly echoes?: boolean | undefined;
}

export interface QueryResult {
  /** The rows. The values are already converted. */
  readonly rows: Row[];
  /** The number of inserted, changed or deleted rows. If the statement returns rows, their number. */
  readonly affected: number;
}

/** The isolation levels of the SQL standard. A database may use a stricter level. */
export type IsolationLevel = "read uncommitted" | "read committed" | "repeatable read" | "serializable";

/** Options of a transaction. */
export interface TransactionOptions {
  /** The isolation level. SQLite is always serializable. Default: the default of the database. */
  readonly isolation?: IsolationLevel;
  /**
   * The maximum time that the transaction waits for earlier writes, in milliseconds. Default: `lockTimeout` of the
   * database.
   */
  readonly lockTimeout?: number;
}

/** Options of a transaction for a driver. */
export interface DriverTransactionOptions extends TransactionOptions {
  /** Whether the transaction rebuilds tables. SQLite then checks references only before the commit. */
  readonly rebuild?: boolean;
}

/** Runs statements: a driver or a transaction. */
export interface DriverSession {
  /**
   * Runs a statement. If the driver does not have to wait, it returns the result instead of a promise, which saves a
   * turn of the event loop.
   */
  execute(query: Query): QueryResult | Promise<QueryResult>;
  /** Returns the rows in batches, with limited memory use. When the loop ends, its resources are released. */
  iterate(query: Query): AsyncIterableIterator<readonly Row[]>;
}

/** A transaction that has begun. Exactly one call of `commit` or `rollback` ends it. */
export interface DriverTransaction extends DriverSession {
  /** Commits. If the database cannot commit, it rolls the transaction back and this throws. */
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** The connections to one database. */
export interface Driver extends DriverSession {
  connect(): Promise<void>;
  /** Waits for running statements, then closes every connection. */
  disconnect(): Promise<void>;
  begin(options: DriverTransactionOptions): Promise<DriverTransaction>;
}
