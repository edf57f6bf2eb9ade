import { createNodeSqliteConnector } from "../driver/sqlite/node-sqlite-connection.js";
import { createSqlite3Connector } from "../driver/sqlite/sqlite3-connection.js";
import type { Dialect, DialectName } from "./dialect.js";
import { createPgDialect } from "./pg-dialect.js";
import { createSqliteDialect } from "./sqlite-dialect.js";

/** All dialects. */
export const dialects: readonly Dialect[] = [
  createSqliteDialect("node:sqlite", 0, createNodeSqliteConnector),
  createSqliteDialect("sqlite3", 1, createSqlite3Connector),
  createPgDialect(2),
];

/** The dialect of this name, which is one. */
export function findDialect(name: DialectName): Dialect {
  return dialects.find((dialect) => dialect.name === name) as Dialect;
}
