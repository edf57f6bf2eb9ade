import type { CompiledQuery } from "../compiler/compiled-query.js";
import type { QueryCompiler } from "../compiler/query-compiler.js";
import type { Driver } from "../driver/driver.js";
import type { Row } from "../values/row.js";
import type { BigintMode } from "../values/row-mapper.js";

/** The names of the supported databases and drivers. */
export type DialectName = "node:sqlite" | "sqlite3" | "pg";

/** The size of a pool of connections, and its times in milliseconds. */
export interface PoolOptions {
  /** The most connections that are open at the same time; 10 by default. */
  readonly max?: number;
  /** The longest wait of a statement for a free connection, and the longest time to open one. Default: 10,000. */
  readonly connectTimeout?: number;
  /** How long an unused connection is kept; 10,000 by default, 0 for ever. */
  readonly idleTimeout?: number;
}

/** The options of a driver. */
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

/** Everything that differs between databases. */
export interface Dialect {
  readonly name: DialectName;
  /** Its number among the dialects. Shapes keep its compiled SQL under this number. */
  readonly index: number;
  /** Whether the database is a server with an address, and not a file. */
  readonly isServer: boolean;
  /** How many parameters a statement can have. */
  readonly mostParameters: number;
  createCompiler(): QueryCompiler;
  createDriver(settings: DriverSettings): Driver;
  /** Text with the placeholders of this dialect between the segments. */
  joinPlaceholders(segments: readonly string[]): string;
  /** A statement that gives one row if the table exists, else no row. */
  tableExists(table: string): CompiledQuery;
  /**
   * A statement that makes transactions run one at a time, for dialects whose transactions do not do so by themselves.
   */
  readonly migrationLock: string | undefined;
  /**
   * A statement like `migrationLock`, for statements that create an object if it is missing or drop it if it exists. In
   * those dialects, the check and the change are separate steps.
   */
  readonly schemaLock: string | undefined;
  /** The statement that asks for a plan, and the lines of the result. */
  readonly explain: string;
  toPlanLine(row: Row): string;
}
