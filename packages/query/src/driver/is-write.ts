import type { Query } from "./driver.js";

const writesInWith = /\b(?:INSERT|UPDATE|DELETE|REPLACE|MERGE)\b/i;

/** Whether a statement writes rows, also in its WITH; a function that a SELECT calls is not seen. */
export function isWrite({ access, sql }: Query): boolean {
  if (access === "write") return true;
  return access === "read-or-write" && /^\s*WITH\b/i.test(sql) && writesInWith.test(sql);
}
