/** Every `code` that an error of this package can carry. */
export type QueryErrorCode =
  | "QUERY_INVALID_ARGUMENT"
  | "QUERY_MISSING_CONDITION"
  | "QUERY_NOT_AVAILABLE"
  | "QUERY_NOT_SUPPORTED"
  | "QUERY_NOT_CONNECTED"
  | "QUERY_CONNECT_FAILED"
  | "QUERY_CONNECTION_LOST"
  | "QUERY_POOL_TIMEOUT"
  | "QUERY_LOCK_TIMEOUT"
  | "QUERY_STATEMENT_FAILED"
  | "QUERY_CONSTRAINT_FAILED"
  | "QUERY_UNREADABLE_VALUE"
  | "QUERY_TRANSACTION_MISUSE"
  | "QUERY_TRANSACTION_LOST"
  | "QUERY_MIGRATION_INVALID"
  | "QUERY_MIGRATION_FAILED";

/** The base class of all errors of this package. `code` tells them apart and never changes. */
export class QueryError extends Error {
  override readonly name: string = "QueryError";
  /** The kind of error, for programs. */
  readonly code: QueryErrorCode;

  constructor(code: QueryErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** One thing that is wrong with the options of a call. */
export interface OptionIssue {
  /** The path of the option, with dots: `pool.max`; empty for the options as a whole. */
  readonly path: string;
  /** A sentence that says what is expected and what was given. */
  readonly message: string;
}

/**
 * A call was wrong, whatever the database holds: a value, a name, an option or a missing condition. `issues` has
 * everything that is wrong, if the error is about options.
 */
export class QueryArgumentError extends QueryError {
  override readonly name = "QueryArgumentError";
  readonly issues: readonly OptionIssue[];

  constructor(
    message: string,
    code: "QUERY_INVALID_ARGUMENT" | "QUERY_MISSING_CONDITION" = "QUERY_INVALID_ARGUMENT",
    issues: readonly OptionIssue[] = [],
  ) {
    super(code, message);
    this.issues = issues;
  }
}

/**
 * The database cannot be reached: the driver is not installed, Node.js is too old, the database is not connected or did
 * not open, every connection is in use, or a connection was lost.
 */
export class DatabaseConnectionError extends QueryError {
  override readonly name = "DatabaseConnectionError";
}

/** The dialect cannot do what a call asks for, but another dialect can. */
export class UnsupportedError extends QueryError {
  override readonly name = "UnsupportedError";

  constructor(message: string) {
    super("QUERY_NOT_SUPPORTED", message);
  }
}

/** The database refused a statement; `sql` is its text, without parameters, and `cause` the driver's error. */
export class StatementError extends QueryError {
  override readonly name = "StatementError";
  readonly sql: string;

  constructor(
    code: "QUERY_STATEMENT_FAILED" | "QUERY_CONSTRAINT_FAILED" | "QUERY_UNREADABLE_VALUE",
    message: string,
    sql: string,
    cause?: unknown,
  ) {
    super(code, message, cause);
    this.sql = sql;
  }
}

/** A statement or a transaction waited longer than `lockTimeout` for its turn to write; nothing was done. */
export class LockTimeoutError extends QueryError {
  override readonly name = "LockTimeoutError";

  constructor(message: string, cause?: unknown) {
    super("QUERY_LOCK_TIMEOUT", message, cause);
  }
}

/** A transaction was used in a way that cannot work, or the database ended it by itself. */
export class TransactionError extends QueryError {
  override readonly name = "TransactionError";

  constructor(code: "QUERY_TRANSACTION_MISUSE" | "QUERY_TRANSACTION_LOST", message: string, cause?: unknown) {
    super(code, message, cause);
  }
}

/**
 * A migration is wrong, or failed and was rolled back; `migration` is its name, if the error is about one migration.
 */
export class MigrationError extends QueryError {
  override readonly name = "MigrationError";
  readonly migration: string | undefined;

  constructor(
    code: "QUERY_MIGRATION_INVALID" | "QUERY_MIGRATION_FAILED",
    message: string,
    migration?: string,
    cause?: unknown,
  ) {
    super(code, message, cause);
    this.migration = migration;
  }
}
