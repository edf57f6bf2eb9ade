import { setImmediate as nextTurn } from "node:timers/promises";
import { TransactionError } from "../../../errors.js";
import type { Row } from "../../../values/row.js";
import type { SqliteCursor } from "./sqlite-connection.js";

/** How many rows are read in one batch. Between two batches, other work of the process can run. */
export const batchSize = 100;

/** The rows of a cursor in batches, as long as `isOpen` tells that it is open; `batch` holds the rows already read. */
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
        "The transaction or the connection of these rows has ended; read them all before it does.",
      );
    }
    rows = await cursor.read(batchSize);
  }
}
