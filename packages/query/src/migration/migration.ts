import type { QueryScope } from "../database/query-scope.js";
import type { Logger } from "../logger.js";

/** One direction of a migration; `db` is the transaction in which it runs. */
export type MigrationStep = (db: QueryScope, logger: Logger) => unknown;

/** What a migration file exports by default. */
export interface MigrationModule {
  /** What the bookkeeping calls it; the name of the file without its extension by default. */
  readonly name?: string;
  /** The database it is for, for programs with several; who loads the modules sorts them by it. */
  readonly dbName?: string;
  readonly up: MigrationStep;
  readonly down?: MigrationStep;
}

/** A migration that is loaded. */
export interface Migration {
  /** What the bookkeeping calls it: without an extension, and once per database. */
  readonly name: string;
  readonly up: MigrationStep;
  readonly down?: MigrationStep | undefined;
  /** The text of the file as it was written, whose checksum tells a later change; none is no checksum. */
  readonly source?: string | undefined;
}
