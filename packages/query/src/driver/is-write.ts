import type { Query } from "./driver.js";

const writesInWith = /\b(?:INSERT|UPDATE|DELETE|REPLACE|MERGE)\b/i;

/**
 * Whether a statement writes rows, also in its WITH. It does not detect a SELECT that calls a function which writes.
 */
export function isWrite({ access, sql }: Query): boolean {
  if (access === "write") return true;
  // Character 83 is `S`. This check makes a SELECT fast: every read of a database in memory calls this function.
  if (access !== "read-or-write" || sql.charCodeAt(0) === 83) return false;
  return /^\s*WITH\b/i.test(sql) && writesInWith.test(sql);
}
