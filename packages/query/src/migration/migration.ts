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
  /**
   * Whether tables are made anew under their names, as SQLite needs it for most changes of a column: references are then
   * not enforced in the migration, and looked at before it is committed. PostgreSQL takes no notice of it.
   */
  readonly rebuild?: boolean;
}

/** A migration that is loaded. */
export interface Migration {
  /** What the bookkeeping calls it: without an extension, and once per database. */
  readonly name: string;
  readonly up: MigrationStep;
  readonly down?: MigrationStep | undefined;
  /** As that of a module. */
  readonly rebuild?: boolean | undefined;
  /** The text of the file as it was written, whose checksum tells a later change; none is no checksum. */
  readonly source?: string | undefined;
}
