import type { QueryScope } from "../database/query-scope.js";
import type { Logger } from "../logger.js";

/** One direction of a migration; `db` is the transaction in which it runs. */
export type MigrationStep = (db: QueryScope, logger: Logger) => unknown;

/** The default export of a migration file. */
export interface MigrationModule {
  /** The name in the table of records; by default the name of the file without its extension. */
  readonly name?: string;
  /** The name of its database, for programs with several databases. The program that loads the modules sorts by it. */
  readonly dbName?: string;
  readonly up: MigrationStep;
  readonly down?: MigrationStep;
  /**
   * Whether the migration rebuilds tables under their own names, as SQLite needs it for most changes of a column.
   * References are then not enforced during the migration, and are checked before it is committed. PostgreSQL ignores
   * this mark.
   */
  readonly rebuild?: boolean;
}

/** A migration that is loaded. */
export interface Migration {
  /** The name in the table of records, without an extension. It is unique per database. */
  readonly name: string;
  readonly up: MigrationStep;
  readonly down?: MigrationStep | undefined;
  /** The same as `rebuild` of a module. */
  readonly rebuild?: boolean | undefined;
  /** The text of the file. Its checksum shows later changes; without it, changes are not noticed. */
  readonly source?: string | undefined;
}
