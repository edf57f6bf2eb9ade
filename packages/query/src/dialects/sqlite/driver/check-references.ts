import { StatementError } from "../../../errors.js";
import type { SqliteConnection } from "./sqlite-connection.js";

const sql = "PRAGMA foreign_key_check";

/** Throws if rows refer to missing rows. The error names their tables. */
export async function checkReferences(writer: SqliteConnection): Promise<void> {
  const { rows } = await writer.execute({ sql, params: [], access: "read", rows: true });
  if (rows.length === 0) return;
  const counts = new Map<string, number>();
  for (const { table, parent } of rows) {
    const pair = `"${table}" that refer to "${parent}"`;
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  const found = [...counts].map(([pair, count]) => `${count} of ${pair}`).join(", ");
  throw new StatementError(
    "QUERY_CONSTRAINT_FAILED",
    `After the rebuild, rows would refer to missing rows: ${found}. Give the new table the keys of the old one, or ` +
      "delete those rows too.",
    sql,
  );
}
