import type { Query } from "./driver.js";

const writesInWith = /\b(?:INSERT|UPDATE|DELETE|REPLACE|MERGE)\b/i;

/** Whether a statement writes rows, also in its WITH. Writes of a function that a SELECT calls are not seen. */
export function isWrite({ access, sql }: Query): boolean {
  if (access === "write") return true;
  // Most statements begin with an S, and every read of a database in memory comes here.
  if (access !== "read-or-write" || sql.charCodeAt(0) === 83) return false;
  return /^\s*WITH\b/i.test(sql) && writesInWith.test(sql);
}
