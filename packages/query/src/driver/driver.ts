import type { Parameter } from "../values/parameter.js";
import type { Row } from "../values/row.js";

/**
 * The access that a statement needs. `read` never changes anything. `read-or-write` looks like a read but may write
 * (`WITH ... INSERT`). `schema` may change tables.
 */
export type Access = "read" | "read-or-write" | "write" | "schema";

/** A column of a table. If a statement reads several tables, the column may be in any of them. */
export interface ColumnTarget {
  readonly tables: readonly string[];
  readonly column: string;
}

/** A statement ready for a driver, with the placeholders of its dialect. */
export interface Query {
  readonly sql: string;
  readonly params: readonly Parameter[];
  /** The columns that parameters are compared with or written to, for drivers that need them. */
  readonly targets?: readonly (ColumnTarget | undefined)[] | undefined;
  readonly access: Access;
  /** Whether the statement gives rows. */
  readonly rows: boolean;
  /** Whether the rows contain the values of the parameters, such as the rows of a plain INSERT ... RETURNING. */
  readonly echoes?: boolean | undefined;
}

export interface QueryResult {
  /** The rows, with values of their declared types. */
  readonly rows: Row[];
  /** How many rows were inserted, changed or deleted; for a statement that gives rows, the number of rows. */
  readonly affected: number;
}

/** The isolation levels of the SQL standard. A dialect may isolate more than was asked for. */
export type IsolationLevel = "read uncommitted" | "read committed" | "repeatable read" | "serializable";

/** Options of a transaction. */
export interface TransactionOptions {
  /**
   * Which changes of other transactions it may see. SQLite is always serializable; the default is the database's own.
   */
  readonly isolation?: IsolationLevel;
  /** The longest wait for the turn to write, in milliseconds; the database's `lockTimeout` by default. */
  readonly lockTimeout?: number;
}

/** Options of a transaction for a driver. */
export interface DriverTransactionOptions extends TransactionOptions {
  /** Whether tables are rebuilt: SQLite then checks references only before it commits. */
  readonly rebuild?: boolean;
}

/** A receiver of statements. */
export interface DriverSession {
  /**
   * Returns the result itself, and no promise, if the driver need not wait for it. This saves the caller a turn of the
   * event loop.
   */
  execute(query: Query): QueryResult | Promise<QueryResult>;
  /** Rows in batches, with bounded memory. Leaving the loop frees its resources. */
  iterate(query: Query): AsyncIterableIterator<readonly Row[]>;
}

/** A transaction that has begun. Exactly one call of `commit` or `rollback` ends it. */
export interface DriverTransaction extends DriverSession {
  /** Throws if the database cannot commit; the transaction is then rolled back. */
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
