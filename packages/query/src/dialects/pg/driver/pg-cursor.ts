import type { Query } from "../../../driver/driver.js";
import { TransactionError } from "../../../errors.js";
import type { Row } from "../../../values/row.js";
import { type PgConnection, StalePlan } from "./pg-connection.js";

/** The number of rows in one batch. */
const batchSize = 200;

let cursors = 0;

/**
 * Reads the rows of a statement in batches, inside an open transaction. `isOpen` returns whether the transaction is
 * still open.
 */
export async function* readPgCursor(
  connection: PgConnection,
  query: Query,
  isOpen: () => boolean,
): AsyncGenerator<readonly Row[], void, undefined> {
  // A statement that writes cannot have a cursor. So it runs completely and then returns all of its rows.
  if (query.access !== "read" && query.access !== "read-or-write") {
    yield (await connection.execute(query)).rows;
    return;
  }
  const name = `miqro_${++cursors}`;
  await connection.command("SAVEPOINT miqro_cursor");
  try {
    await connection.declare(`DECLARE ${name} NO SCROLL CURSOR FOR ${query.sql}`, query.params);
    await connection.command("RELEASE SAVEPOINT miqro_cursor");
  } catch (error) {
    if (connection.broken !== undefined) throw error;
    await connection.command("ROLLBACK TO SAVEPOINT miqro_cursor");
    if (!isNoCursor(error)) throw error;
    yield (await connection.execute(query)).rows;
    return;
  }
  let done = false;
  try {
    while (!done) {
      const rows = await connection.fetch(`FETCH ${batchSize} FROM ${name}`);
      done = rows.length < batchSize;
      yield rows;
      if (!done && !isOpen()) {
        throw new TransactionError(
          "QUERY_TRANSACTION_MISUSE",
          "The transaction or the connection of these rows has ended; read all rows before it ends.",
        );
      }
    }
  } catch (error) {
    throw error instanceof StalePlan ? error.reason : error;
  } finally {
    if (connection.broken === undefined && isOpen())
      await connection.command(`CLOSE ${name}`).catch(() => {});
  }
}

/** PostgreSQL refuses a cursor for a WITH that writes and for any statement other than a SELECT. */
function isNoCursor(error: unknown): boolean {
  const cause = (error as { readonly cause?: { readonly code?: string } }).cause;
  return cause?.code === "0A000" || cause?.code === "42601";
}
