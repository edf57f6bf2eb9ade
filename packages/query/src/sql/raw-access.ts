import type { Access } from "../driver/driver.js";
import { TransactionError, UnsupportedError } from "../errors.js";

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

/** The first words of statements that return rows. Statements with RETURNING also return rows. */
const rowWords: ReadonlySet<string> = new Set([...readWords, "PRAGMA", "SHOW", "TABLE", "FETCH", "CALL"]);

const writeWords: ReadonlySet<string> = new Set(["INSERT", "UPDATE", "DELETE", "REPLACE"]);

/** Returns the access that an SQL statement of the user needs, by its first word. */
export function toRawAccess(firstWord: string | undefined): Access {
  if (firstWord === undefined) return "schema";
  if (readWords.has(firstWord)) return "read-or-write";
  if (writeWords.has(firstWord)) return "write";
  if (!transactionWords.has(firstWord)) return "schema";
  throw new TransactionError(
    "QUERY_TRANSACTION_MISUSE",
    `${firstWord} cannot be sent with query(), because other statements share the connection; use db.transaction(async (tx) => ...).`,
  );
}

// Matches the pragma with or without the name of a schema, in quotes or not.
const setsReferences = /^\s*PRAGMA\s+(?:\S+?\s*\.\s*)?["'`[]?foreign_keys["'`\]]?\s*[=(]/i;

// Matches a COPY that reads rows from the client or sends rows to it.
const copiesRows = /\b(?:FROM\s+STDIN|TO\s+STDOUT)\b/i;

/**
 * Throws for a statement that would have no effect, that would affect other statements on the same connection, or that
 * would make the connection wait forever. `firstWord` is its first word.
 */
export function checkByHand(firstWord: string | undefined, sql: string): void {
  if (firstWord !== "PRAGMA" && firstWord !== "COPY") return;
  const plain = sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, " ");
  if (firstWord === "PRAGMA" && setsReferences.test(plain)) {
    throw new TransactionError(
      "QUERY_TRANSACTION_MISUSE",
      "PRAGMA foreign_keys has no effect inside a transaction, and outside of one other writes could break " +
        "references; for a migration that rebuilds tables, set rebuild: true and remove the pragma.",
    );
  }
  if (firstWord === "COPY" && copiesRows.test(plain.replace(/'[^']*'|"[^"]*"/g, "x"))) {
    throw new UnsupportedError(
      "COPY with STDIN or STDOUT cannot be sent with query(); use createMany() or insert() to write rows, and iterate() to " +
        "read them.",
    );
  }
}

/** Whether a statement that begins with this word returns rows. */
export function givesRows(firstWord: string | undefined): boolean {
  return firstWord !== undefined && rowWords.has(firstWord);
}
