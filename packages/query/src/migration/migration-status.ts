import type { Database } from "../database/database.js";
import { readRecords } from "./bookkeeping.js";
import { checkMigrationOptions } from "./check-options.js";
import { inspect } from "./migrate.js";
import { listMigrations, type MigrationSource } from "./migration-list.js";

/**
 * The state of a migration. `missing` means that it was applied, but is neither in `migrations` nor in the `folder`.
 */
export interface MigrationState {
  /** The name of the migration. */
  readonly name: string;
  /** `missing` is an applied migration that is neither in `migrations` nor in the `folder`. */
  readonly state: "applied" | "pending" | "missing";
  /** Whether its source has changed since it was applied. */
  readonly changed: boolean;
  /** The time at which it was applied; undefined if it is pending. */
  readonly appliedAt: Date | undefined;
}

/**
 * Returns the state of each migration: first the migrations of `migrations` or the `folder` in order, then the missing
 * migrations. It changes nothing.
 */
export async function migrationStatus(
  options: MigrationSource & { readonly db: Database },
): Promise<readonly MigrationState[]> {
  checkMigrationOptions(options, ["db", "migrations", "folder"], "migrationStatus()");
  const list = await listMigrations(options);
  const records = await readRecords(options.db);
  const { changed, missing } = inspect(list, records);
  const states = list.map(({ name }): MigrationState => {
    const record = records.get(name);
    const state = record === undefined ? "pending" : "applied";
    return { name, state, changed: changed.includes(name), appliedAt: record?.appliedAt };
  });
  for (const name of missing) {
    states.push({ name, state: "missing", changed: false, appliedAt: records.get(name)?.appliedAt });
  }
  return states;
}
