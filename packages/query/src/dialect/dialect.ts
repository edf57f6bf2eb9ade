import type { CompiledQuery } from "../compiler/compiled-query.js";
import type { QueryCompiler } from "../compiler/query-compiler.js";
import type { Driver } from "../driver/driver.js";
import type { BigintMode } from "../values/row-mapper.js";

/** The names of the databases that this package speaks with. */
export type DialectName = "node:sqlite" | "sqlite3" | "pg";

/** What a driver is made from. */
export interface DriverSettings {
  readonly storage: string;
  readonly lockTimeout: number;
  readonly statementCache: number;
  readonly bigint: BigintMode;
}

/** Everything in which one database differs from another. */
export interface Dialect {
  readonly name: DialectName;
  createCompiler(): QueryCompiler;
  createDriver(settings: DriverSettings): Driver;
  /** Text with the placeholders of this dialect around the places of parameters. */
  joinPlaceholders(segments: readonly string[]): string;
  /** A statement that gives one row if the table exists, else none. */
  tableExists(table: string): CompiledQuery;
}
