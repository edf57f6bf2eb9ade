import { scanSql } from "../../../sql/scan-sql.js";

/**
 * Hides that a limit is a parameter. SQLite looks at its value when it plans a statement, and then prepares the
 * statement anew each time that a value is bound: a join took nine times as long. The sign of a number hides it, and
 * changes nothing else.
 */
export function hideLimits(sql: string): string {
  if (!/\bLIMIT\s+\?/i.test(sql)) return sql;
  // Only what is a placeholder, not what looks like one in a literal.
  return scanSql(sql).segments.reduce(
    (before, after) => `${before}${/\bLIMIT\s+$/i.test(before) ? "+?" : "?"}${after}`,
  );
}
