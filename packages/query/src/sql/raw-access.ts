import type { Access } from "../driver/driver.js";
import { TransactionError } from "../errors.js";

const transactionWords: ReadonlySet<string> = new Set([
  "BEGIN",
  "START",
  "COMMIT",
  "END",
  "ROLLBACK",
  "SAVEPOINT",
  "RELEASE",
  "ABORT",
  "PREPARE",
]);

const readWords: ReadonlySet<string> = new Set(["SELECT", "WITH", "EXPLAIN", "VALUES"]);

/** Those that give rows, apart from a RETURNING. */
const rowWords: ReadonlySet<string> = new Set([...readWords, "PRAGMA", "SHOW", "TABLE", "FETCH", "CALL"]);

const writeWords: ReadonlySet<string> = new Set(["INSERT", "UPDATE", "DELETE", "REPLACE"]);

/** What a statement that was written by hand needs, judged by its first word. */
export function toRawAccess(firstWord: string | undefined): Access {
  if (firstWord === undefined) return "schema";
  if (readWords.has(firstWord)) return "read-or-write";
  if (writeWords.has(firstWord)) return "write";
  if (!transactionWords.has(firstWord)) return "schema";
  throw new TransactionError(
    "QUERY_TRANSACTION_MISUSE",
    `${firstWord} cannot be sent by hand, since other statements share the connection; use db.transaction(async (tx) => ...).`,
  );
}

/** Whether a statement that begins with this word gives rows. */
export function givesRows(firstWord: string | undefined): boolean {
  return firstWord !== undefined && rowWords.has(firstWord);
}
