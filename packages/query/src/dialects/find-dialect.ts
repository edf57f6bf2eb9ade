import type { Dialect, DialectName } from "./dialect.js";
import { createPgDialect } from "./pg/pg-dialect.js";
import { createNodeSqliteConnector } from "./sqlite/driver/node-sqlite-connection.js";
import { createSqlite3Connector } from "./sqlite/driver/sqlite3-connection.js";
import { createSqliteDialect } from "./sqlite/sqlite-dialect.js";

/** All dialects. */
export const dialects: readonly Dialect[] = [
  createSqliteDialect("node:sqlite", 0, createNodeSqliteConnector),
  createSqliteDialect("sqlite3", 1, createSqlite3Connector),
  createPgDialect(2),
];

/** The dialect of a valid name. */
export function findDialect(name: DialectName): Dialect {
  return dialects.find((dialect) => dialect.name === name) as Dialect;
}
