import { setImmediate as nextTurn } from "node:timers/promises";
import { TransactionError } from "../../../errors.js";
import type { Row } from "../../../values/row.js";
import type { SqliteCursor } from "./sqlite-connection.js";

/** The number of rows in one batch. Between two batches, the event loop can run other work. */
export const batchSize = 100;

/**
 * Reads the rows of a cursor in batches while `isOpen` returns true. `batch` contains the rows that were already read.
 */
export async function* readCursor(
  cursor: SqliteCursor,
  isOpen: () => boolean,
  batch?: Row[],
): AsyncGenerator<readonly Row[], void, undefined> {
  let rows = batch ?? (await cursor.read(batchSize));
  while (rows.length > 0) {
    yield rows;
    if (rows.length < batchSize) return;
    await nextTurn();
    if (!isOpen()) {
      throw new TransactionError(
        "QUERY_TRANSACTION_MISUSE",
        "The transaction or the connection of these rows has ended; read all rows before it ends.",
      );
    }
    rows = await cursor.read(batchSize);
  }
}
