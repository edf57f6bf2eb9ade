import type { QueryScope } from "../database/query-scope.js";
import type { Logger } from "../logger.js";

/** One direction of a migration; `db` is the transaction in which it runs. */
export type MigrationStep = (db: QueryScope, logger: Logger) => unknown;

/** The default export of a migration file. */
export interface MigrationModule {
  /** The name in the table of records; by default the name of the file without its extension. */
  readonly name?: string;
  /**
   * The name of its database, for programs with several databases. This package ignores it; the program that loads the
   * modules can use it to group them.
   */
  readonly dbName?: string;
  readonly up: MigrationStep;
  readonly down?: MigrationStep;
  /**
   * Whether the migration replaces tables by new tables with the same names. SQLite needs this for most changes of a
   * column. During the migration, references are not enforced; they are checked before the commit. PostgreSQL ignores
   * this property.
   */
  readonly rebuild?: boolean;
}

/** A loaded migration. */
export interface Migration {
  /** The name in the table of records, without an extension. It is unique per database. */
  readonly name: string;
  readonly up: MigrationStep;
  readonly down?: MigrationStep | undefined;
  /** The same as `rebuild` of a module. */
  readonly rebuild?: boolean | undefined;
  /**
   * The source code of the migration. Later changes are detected by its checksum. Without `source`, they are not
   * detected.
   */
  readonly source?: string | undefined;
}
