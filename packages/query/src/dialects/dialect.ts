import type { CompiledQuery } from "../compiler/compiled-query.js";
import type { QueryCompiler } from "../compiler/query-compiler.js";
import type { Driver } from "../driver/driver.js";
import type { Row } from "../values/row.js";
import type { BigintMode } from "../values/row-mapper.js";

/** The names of the databases that this package speaks with. */
export type DialectName = "node:sqlite" | "sqlite3" | "pg";

/** How many connections to a server there are, and how long they are waited for; times in milliseconds. */
export interface PoolOptions {
  /** The most connections at once; 10 by default. */
  readonly max?: number;
  /** How long a statement waits for a free connection, and opening one may take; 10,000 by default. */
  readonly connectTimeout?: number;
  /** How long a connection that nobody uses is kept; 10,000 by default, 0 for ever. */
  readonly idleTimeout?: number;
}

/** What a driver is made from. */
export interface DriverSettings {
  readonly storage: string;
  readonly connectionString: string | undefined;
  readonly pool: Required<PoolOptions>;
  /** Whether a pooler stands before the server that lends connections for one transaction at a time. */
  readonly pooler: boolean;
  readonly lockTimeout: number;
  readonly statementCache: number;
  readonly bigint: BigintMode;
}

/** Everything in which one database differs from another. */
export interface Dialect {
  readonly name: DialectName;
  /** Its place among the dialects, by which shapes keep what was compiled for it. */
  readonly index: number;
  /** Whether it is a server, which has an address, and not a file. */
  readonly isServer: boolean;
  /** How many parameters a statement can have. */
  readonly mostParameters: number;
  createCompiler(): QueryCompiler;
  createDriver(settings: DriverSettings): Driver;
  /** Text with the placeholders of this dialect around the places of parameters. */
  joinPlaceholders(segments: readonly string[]): string;
  /** A statement that gives one row if the table exists, else none. */
  tableExists(table: string): CompiledQuery;
  /** A statement that lets one transaction at a time go on, for those dialects whose transactions do not do so. */
  readonly migrationLock: string | undefined;
  /**
   * As `migrationLock`, for statements that make what is not there yet, or drop what is: looking and doing are not one
   * in those dialects.
   */
  readonly schemaLock: string | undefined;
  /** How a statement is asked for its plan, and the lines of the answer. */
  readonly explain: string;
  toPlanLine(row: Row): string;
}
