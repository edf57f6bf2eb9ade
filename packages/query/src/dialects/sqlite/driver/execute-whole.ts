import type { Query, QueryResult } from "../../../driver/driver.js";
import type { SqliteConnection } from "./sqlite-connection.js";

/** The statements that begin, commit and roll back a unit of work. */
interface Frame {
  readonly begin: Query;
  readonly end: Query;
  readonly undo: readonly Query[];
}

/** These statements are for use outside of a transaction. */
export const wholeTransaction: Frame = {
  begin: statement("BEGIN IMMEDIATE"),
  end: statement("COMMIT"),
  undo: [statement("ROLLBACK")],
};

/** These statements are for use inside a transaction. */
export const wholeSavepoint: Frame = {
  begin: statement("SAVEPOINT miqro_write"),
  end: statement("RELEASE miqro_write"),
  undo: [statement("ROLLBACK TO miqro_write"), statement("RELEASE miqro_write")],
};

/**
 * Sends a statement that writes and returns rows. SQLite finishes the write before it returns the first row. If a row
 * then cannot be converted, this function rolls the write back.
 */
export function executeWhole(
  connection: SqliteConnection,
  query: Query,
  frame: Frame,
): QueryResult | Promise<QueryResult> {
  const begun = connection.execute(frame.begin);
  if (begun instanceof Promise) return executeLater(connection, query, frame, begun);
  try {
    const result = connection.execute(query) as QueryResult;
    connection.execute(frame.end);
    return result;
  } catch (error) {
    try {
      for (const undo of frame.undo) connection.execute(undo);
    } catch {
      // After some errors, SQLite has already rolled back by itself.
    }
    throw error;
  }
}

async function executeLater(
  connection: SqliteConnection,
  query: Query,
  frame: Frame,
  begun: Promise<QueryResult>,
): Promise<QueryResult> {
  await begun;
  try {
    const result = await connection.execute(query);
    await connection.execute(frame.end);
    return result;
  } catch (error) {
    try {
      for (const undo of frame.undo) await connection.execute(undo);
    } catch {
      // After some errors, SQLite has already rolled back by itself.
    }
    throw error;
  }
}

function statement(sql: string): Query {
  return { sql, params: [], access: "write", rows: false };
}
