/** Every `code` of an error of this package. */
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

/**
 * The base class of all errors of this package. `code` identifies the kind of error and stays the same in later
 * versions.
 */
export class QueryError extends Error {
  override readonly name: string = "QueryError";
  /** The kind of error. Programs can compare it. */
  readonly code: QueryErrorCode;

  constructor(code: QueryErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** One mistake in the options of a call. */
export interface OptionIssue {
  /** The path of the option, with dots: `pool.max`. It is empty if the options as a whole are wrong. */
  readonly path: string;
  /** A sentence with the expected and the given value. */
  readonly message: string;
}

/**
 * The arguments of a call are wrong: a value, a name, an option or a missing condition. If options are wrong, `issues`
 * contains all mistakes.
 */
export class QueryArgumentError extends QueryError {
  override readonly name = "QueryArgumentError";
  /** Every mistake in the options of the call; empty if the error concerns no options. */
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
 * The database cannot be used: the driver is not installed, Node.js is too old, the database is not connected or did
 * not open, all connections are in use, or a connection was lost.
 */
export class DatabaseConnectionError extends QueryError {
  override readonly name = "DatabaseConnectionError";
}

/** The dialect does not support a feature that another dialect has. */
export class UnsupportedError extends QueryError {
  override readonly name = "UnsupportedError";

  constructor(message: string) {
    super("QUERY_NOT_SUPPORTED", message);
  }
}

/**
 * The database refused a statement. `sql` is its SQL without the parameters, and `cause` is the error of the driver.
 */
export class StatementError extends QueryError {
  override readonly name = "StatementError";
  /** The SQL of the statement, without its parameters. */
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

/** A statement or a transaction waited longer than `lockTimeout` for earlier writes. It did not run. */
export class LockTimeoutError extends QueryError {
  override readonly name = "LockTimeoutError";

  constructor(message: string, cause?: unknown) {
    super("QUERY_LOCK_TIMEOUT", message, cause);
  }
}

/** A transaction was used in a wrong way, or the database ended it by itself. */
export class TransactionError extends QueryError {
  override readonly name = "TransactionError";

  constructor(code: "QUERY_TRANSACTION_MISUSE" | "QUERY_TRANSACTION_LOST", message: string, cause?: unknown) {
    super(code, message, cause);
  }
}

/**
 * A migration is invalid, or it failed and was rolled back. If the error concerns one migration, `migration` is its
 * name.
 */
export class MigrationError extends QueryError {
  override readonly name = "MigrationError";
  /** The name of the migration, if the error concerns one migration. */
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
