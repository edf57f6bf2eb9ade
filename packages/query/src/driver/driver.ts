import type { Parameter } from "../values/parameter.js";
import type { Row } from "../values/row.js";

/**
 * What a statement needs of its connection.
 * `read` never changes anything, `read-or-write` looks like a read but may not be one (`WITH ... INSERT`), and
 * `schema` may change tables.
 */
export type Access = "read" | "read-or-write" | "write" | "schema";

/** A column of a table; where a statement reads several tables, each may have it. */
export interface ColumnTarget {
  readonly tables: readonly string[];
  readonly column: string;
}

/** A statement ready for a driver, with the placeholders of its dialect. */
export interface Query {
  readonly sql: string;
  readonly params: readonly Parameter[];
  /** The columns that parameters meet, for drivers that have to know. */
  readonly targets?: readonly (ColumnTarget | undefined)[] | undefined;
  readonly access: Access;
  /** Whether the statement gives rows. */
  readonly rows: boolean;
  /** Whether its rows have what its parameters are, as those of a plain INSERT ... RETURNING do. */
  readonly echoes?: boolean | undefined;
}

export interface QueryResult {
  /** The rows in the values of their declared types. */
  readonly rows: Row[];
  /** How many rows were inserted, changed or deleted; the number of rows for a statement that gives rows. */
  readonly affected: number;
}

/** The levels of the SQL standard; a dialect may give more than was asked for. */
export type IsolationLevel = "read uncommitted" | "read committed" | "repeatable read" | "serializable";

/** How a transaction begins. */
export interface TransactionOptions {
  /** What the transaction may see of others. SQLite is always serializable; the default is the database's own. */
  readonly isolation?: IsolationLevel;
  /** How long to wait for the turn to write, in milliseconds; the database's `lockTimeout` by default. */
  readonly lockTimeout?: number;
}

/** How a driver begins a transaction. */
export interface DriverTransactionOptions extends TransactionOptions {
  /** Whether tables are rebuilt: SQLite then looks at references only before it commits. */
  readonly rebuild?: boolean;
}

/** What a statement can be sent to. */
export interface DriverSession {
  /** Gives the result at once where the driver has it at once, which spares the caller a turn. */
  execute(query: Query): QueryResult | Promise<QueryResult>;
  /** Rows in batches, with bounded memory; leaving the loop frees what it held. */
  iterate(query: Query): AsyncIterableIterator<readonly Row[]>;
}

/** A transaction that has begun; it ends with exactly one call of `commit` or `rollback`. */
export interface DriverTransaction extends DriverSession {
  /** Throws if the database cannot commit, and has then rolled back. */
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** The connections to one database. */
export interface Driver extends DriverSession {
  connect(): Promise<void>;
  /** Waits for what is running, then closes every connection. */
  disconnect(): Promise<void>;
  begin(options: DriverTransactionOptions): Promise<DriverTransaction>;
}
