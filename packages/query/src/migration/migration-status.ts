import type { Database } from "../database/database.js";
import { readRecords } from "./bookkeeping.js";
import { checkMigrationOptions } from "./check-options.js";
import { inspect } from "./migrate.js";
import { listMigrations, type MigrationSource } from "./migration-list.js";

/** Where a migration stands: `missing` is applied, but not among the given ones. */
export interface MigrationState {
  readonly name: string;
  readonly state: "applied" | "pending" | "missing";
  /** Whether its source is not what it was when it was applied. */
  readonly changed: boolean;
  readonly appliedAt: Date | undefined;
}

/** Tells where each migration stands, the given ones in order and then the missing; changes nothing. */
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
