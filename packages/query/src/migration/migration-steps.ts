import type { Database } from "../database/database.js";
import { type Logger, silentLogger } from "../logger.js";
import { prepareRecords } from "./bookkeeping.js";
import { lockMigrations, migrate } from "./migrate.js";
import type { MigrationModule } from "./migration.js";
import { migrationStatus } from "./migration-status.js";
import { getSortedMigrations, toMigrationName } from "./sorted-migrations.js";

type RunModule = (db: Database, name: string, module: MigrationModule, logger?: Logger) => Promise<boolean>;

/** The steps of `migrate`, for programs that load and sort the modules themselves. */
export const migration: {
  /** Creates the table of records if it does not exist. */
  init(db: Database, logger?: Logger): Promise<void>;
  /**
   * Applies one module. The name has no file extension. Resolves to true if the migration ran, and to false if it was
   * already applied.
   */
  readonly up: { readonly module: RunModule };
  /** Undoes one module. Resolves to true if the migration was undone, and to false if it was not applied. */
  readonly down: { readonly module: RunModule };
  readonly status: typeof migrationStatus;
  readonly getSortedMigrations: typeof getSortedMigrations;
} = Object.freeze({
  async init(db: Database, logger: Logger = silentLogger) {
    await db.transaction(async (tx) => {
      await lockMigrations(tx);
      await prepareRecords(tx);
    });
    logger.debug("the table of migrations exists");
  },
  up: { module: createRun("up") },
  down: { module: createRun("down") },
  status: migrationStatus,
  getSortedMigrations,
});

function createRun(direction: "up" | "down"): RunModule {
  return async (db, name, module, logger = silentLogger) => {
    const given = { name: toMigrationName(name), up: module.up, down: module.down, rebuild: module.rebuild };
    const only = { db, direction, name: given.name, migrations: [given] };
    // The records also contain other migrations. This hides the warnings that they are missing.
    const { names } = await migrate({ ...only, logger: { ...silentLogger, info: logger.info.bind(logger) } });
    return names.length > 0;
  };
}
