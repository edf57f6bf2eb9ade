import { scanSQL } from "../../../sql/scan-sql.js";

/**
 * Writes a plus sign before each LIMIT parameter. SQLite uses the value of a plain LIMIT parameter for its plan and
 * prepares the statement again for each value: a join took nine times as long. With the plus sign, SQLite does not use
 * the value for the plan. The result is the same.
 */
export function hideLimits(sql: string): string {
  if (!/\bLIMIT\s+\?/i.test(sql)) return sql;
  // `scanSQL` finds only real placeholders, not a `?` in a literal.
  return scanSQL(sql).segments.reduce(
    (before, after) => `${before}${/\bLIMIT\s+$/i.test(before) ? "+?" : "?"}${after}`,
  );
}
