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
  /**
   * The maximum time that a statement waits for a free connection, and the maximum time for opening a connection.
   * Default: 10,000.
   */
  readonly connectTimeout?: number;
  /** The time after which an unused connection is closed; 10,000 by default, 0 for never. */
  readonly idleTimeout?: number;
}

/** The options of a driver. */
export interface DriverSettings {
  readonly storage: string;
  readonly connectionString: string | undefined;
  readonly pool: Required<PoolOptions>;
  /** Whether the connection goes through a pooler in transaction mode. */
  readonly pooler: boolean;
  readonly lockTimeout: number;
  readonly statementCache: number;
  readonly bigint: BigintMode;
}

/** All differences between the databases. */
export interface Dialect {
  readonly name: DialectName;
  /** The index of the dialect. Shapes store the SQL of each dialect at its index. */
  readonly index: number;
  /** True if the database is a server, false if it is a file. */
  readonly isServer: boolean;
  /** The maximum number of parameters of a statement. */
  readonly mostParameters: number;
  createCompiler(): QueryCompiler;
  createDriver(settings: DriverSettings): Driver;
  /** Joins the segments with placeholders of this dialect between them. */
  joinPlaceholders(segments: readonly string[]): string;
  /** A statement that returns one row if the table exists, otherwise no row. */
  tableExists(table: string): CompiledQuery;
  /**
   * A statement that locks migrations, so that only one process migrates at a time. Undefined if the transactions of
   * the dialect already wait for each other.
   */
  readonly migrationLock: string | undefined;
  /**
   * A statement like `migrationLock`, for statements with IF NOT EXISTS or IF EXISTS. In such a dialect, the check and
   * the change are two separate steps.
   */
  readonly schemaLock: string | undefined;
  /** The words before a statement that request its plan. */
  readonly explain: string;
  toPlanLine(row: Row): string;
}
