import { DatabaseConnectionError, QueryArgumentError } from "../errors.js";
import { describeValue } from "../values/describe-value.js";
import type { Dialect } from "./dialect.js";
import { nodeSqliteDialect } from "./node-sqlite-dialect.js";

const announced: readonly unknown[] = ["sqlite3", "pg"];

/** The dialect of this name, or an error that lists the names. */
export function findDialect(name: unknown): Dialect {
  if (name === nodeSqliteDialect.name) return nodeSqliteDialect;
  if (announced.includes(name)) {
    throw new DatabaseConnectionError(
      "QUERY_NOT_AVAILABLE",
      `The dialect "${name}" is not available yet; use "node:sqlite".`,
    );
  }
  throw new QueryArgumentError(
    `The dialect of a Database is "node:sqlite", but ${describeValue(name)} was given.`,
  );
}
