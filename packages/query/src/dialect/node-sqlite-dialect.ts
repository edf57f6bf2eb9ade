import { SqliteCompiler } from "../compiler/sqlite-compiler.js";
import { createNodeSqliteConnector } from "../driver/sqlite/node-sqlite-connection.js";
import { SqliteDriver } from "../driver/sqlite/sqlite-driver.js";
import type { Dialect } from "./dialect.js";

/** SQLite as it is built into Node.js. */
export const nodeSqliteDialect: Dialect = {
  name: "node:sqlite",
  createCompiler: () => new SqliteCompiler(),
  createDriver: (settings) =>
    new SqliteDriver(settings.storage, createNodeSqliteConnector(settings), settings.lockTimeout),
  joinPlaceholders: (segments) => segments.join("?"),
  tableExists: (table) => ({
    sql: "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?",
    params: [table],
  }),
};
