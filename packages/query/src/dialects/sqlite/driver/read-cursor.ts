import { setImmediate as nextTurn } from "node:timers/promises";
import { TransactionError } from "../../../errors.js";
import type { Row } from "../../../values/row.js";
import type { SqliteCursor } from "./sqlite-connection.js";

/** How many rows are read at once: between two batches other work of the process has its turn. */
export const batchSize = 100;

/** The rows of a cursor in batches, as long as `isOpen` says that nobody closed it; `batch` is what was read already. */
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
