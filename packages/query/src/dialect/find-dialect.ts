import { createNodeSqliteConnector } from "../driver/sqlite/node-sqlite-connection.js";
import { createSqlite3Connector } from "../driver/sqlite/sqlite3-connection.js";
import { QueryArgumentError } from "../errors.js";
import { describeValue } from "../values/describe-value.js";
import type { Dialect } from "./dialect.js";
import { createPgDialect } from "./pg-dialect.js";
import { createSqliteDialect } from "./sqlite-dialect.js";

const dialects: readonly Dialect[] = [
  createSqliteDialect("node:sqlite", 0, createNodeSqliteConnector),
  createSqliteDialect("sqlite3", 1, createSqlite3Connector),
  createPgDialect(2),
];

/** The dialect of this name, or an error that lists the names. */
export function findDialect(name: unknown): Dialect {
  const dialect = dialects.find((each) => each.name === name);
  if (dialect !== undefined) return dialect;
  const names = dialects.map((each) => `"${each.name}"`).join(", ");
  throw new QueryArgumentError(
    `The dialect of a Database is one of ${names}, but ${describeValue(name)} was given.`,
  );
}
