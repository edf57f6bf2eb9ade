import type { Dialect, DialectName } from "../dialect.js";
import type { SqliteConnectionOptions, SqliteConnector } from "./driver/sqlite-connection.js";
import { SqliteDriver } from "./driver/sqlite-driver.js";
import { SqliteCompiler } from "./sqlite-compiler.js";

/** SQLite through one of its drivers. */
export function createSqliteDialect(
  name: DialectName,
  index: number,
  createConnector: (options: SqliteConnectionOptions) => SqliteConnector,
): Dialect {
  return {
    name,
    index,
    isServer: false,
    // The value of SQLITE_MAX_VARIABLE_NUMBER in both drivers.
    mostParameters: 32_766,
    createCompiler: () => new SqliteCompiler(name),
    createDriver: (settings) =>
      new SqliteDriver(settings.storage, createConnector(settings), settings.lockTimeout),
    joinPlaceholders: (segments) => segments.join("?"),
    tableExists: (table) => ({
      sql: "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?",
      params: [table],
    }),
    // No lock is needed, because only one transaction writes at a time.
    migrationLock: undefined,
    schemaLock: undefined,
    explain: "EXPLAIN QUERY PLAN ",
    toPlanLine: (row) => String(row.detail),
  };
}
