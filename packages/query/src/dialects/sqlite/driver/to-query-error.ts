import { StatementError } from "../../../errors.js";
import { SqliteFailure, sqliteResult } from "./sqlite-connection.js";

/** Converts an error of a connection to an error of this package. */
export function toQueryError(error: unknown): unknown {
  if (!(error instanceof SqliteFailure)) return error;
  if (error.result === sqliteResult.constraint) {
    return new StatementError(
      "QUERY_CONSTRAINT_FAILED",
      `The database refused the row: ${error.message}.`,
      error.sql,
      error.cause,
    );
  }
  return new StatementError(
    "QUERY_STATEMENT_FAILED",
    `The database refused the statement: ${error.message}.`,
    error.sql,
    error.cause,
  );
}
