import { scanSql } from "../../../sql/scan-sql.js";

/**
 * Hides from SQLite that a limit is a parameter. SQLite reads its value when it plans a statement, and then prepares
 * the statement anew each time that a value is bound: a join took nine times as long. A plus sign before the number
 * hides it and changes nothing else.
 */
export function hideLimits(sql: string): string {
  if (!/\bLIMIT\s+\?/i.test(sql)) return sql;
  // Matches placeholders, not text that looks like a placeholder in a literal.
  return scanSql(sql).segments.reduce(
    (before, after) => `${before}${/\bLIMIT\s+$/i.test(before) ? "+?" : "?"}${after}`,
  );
}
