import { type Database, rebuildTransaction } from "../database/database.js";
import type { QueryScope } from "../database/query-scope.js";
import type { Transaction } from "../database/transaction.js";
import { findDialect } from "../dialects/find-dialect.js";
import { MigrationError } from "../errors.js";
import { type Logger, silentLogger } from "../logger.js";
import { describeValue } from "../values/describe-value.js";
import {
  addRecord,
  hasRecord,
  isChanged,
  type MigrationRecord,
  prepareRecords,
  readRecords,
  removeRecord,
} from "./bookkeeping.js";
import { checkMigrationOptions } from "./check-options.js";
import type { Migration } from "./migration.js";
import { listMigrations, type MigrationSource } from "./migration-list.js";

/**
 * The maximum time that a process waits for another process that migrates the same database: ten minutes, in
 * milliseconds.
 */
const patience = 600_000;

const known: readonly string[] = ["direction", "db", "name", "logger", "migrations", "folder"];

/** Options of `migrate`. */
export interface MigrateOptions extends MigrationSource {
  /** `up` applies pending migrations, first to last; `down` undoes applied migrations, last to first. */
  readonly direction: "up" | "down";
  /** A connected database. */
  readonly db: Database;
  /** Runs only the migration with this name. */
  readonly name?: string;
  /** Gets a line for each migration, and warnings. Default: none. */
  readonly logger?: Logger;
}

/** The result of `migrate`. */
export interface MigrateResult {
  /** The direction of the call. */
  readonly direction: "up" | "down";
  /** The migrations that this call ran, in order. */
  readonly names: readonly string[];
  /** Applied migrations whose source has changed since they were applied. */
  readonly changed: readonly string[];
  /** Applied migrations that are neither in `migrations` nor in the `folder`. */
  readonly missing: readonly string[];
}

/**
 * Applies or undoes migrations. Each migration and its record are written in one transaction. If a migration fails, its
 * transaction is rolled back, and the call throws an error with its name. Earlier migrations stay applied. Processes
 * that migrate at the same time wait for each other, and nothing runs twice.
 */
export async function migrate(options: MigrateOptions): Promise<MigrateResult> {
  checkMigrationOptions(options, known, "migrate()");
  const { direction, db, name, logger = silentLogger } = options;
  const list = await listMigrations(options);
  const records = await readRecords(db);
  const { changed, missing } = inspect(list, records);
  for (const each of changed) logger.warn("the migration %s was changed after it was applied", each);
  for (const each of missing) logger.warn("the migration %s is applied but was not found", each);

  const chosen = name === undefined ? list : [findMigration(list, name)];
  const names: string[] = [];
  for (const migration of direction === "up" ? toApply(chosen, records) : toUndo(chosen, records)) {
    const startedAt = performance.now();
    const ran = direction === "up" ? await apply(db, migration, logger) : await undo(db, migration, logger);
    if (!ran) continue;
    names.push(migration.name);
    logger.info(
      "migration %s %s in %d ms",
      migration.name,
      direction,
      Math.round(performance.now() - startedAt),
    );
  }
  return { direction, names, changed, missing };
}

/** Locks migrations: until the transaction ends, no other process can migrate this database. */
export async function lockMigrations(tx: QueryScope): Promise<void> {
  const { migrationLock } = findDialect(tx.dialect);
  if (migrationLock !== undefined) await tx.query(migrationLock);
}

/**
 * Finds the applied migrations whose source in `list` has changed, and the applied migrations that are not in `list`.
 */
export function inspect(
  list: readonly Migration[],
  records: ReadonlyMap<string, MigrationRecord>,
): { readonly changed: readonly string[]; readonly missing: readonly string[] } {
  const given = new Set(list.map((migration) => migration.name));
  const changed = list.filter((migration) => {
    const record = records.get(migration.name);
    return record !== undefined && isChanged(migration, record);
  });
  return {
    changed: changed.map((migration) => migration.name),
    missing: [...records.keys()].filter((name) => !given.has(name)),
  };
}

function findMigration(list: readonly Migration[], name: string): Migration {
  const found = list.find((migration) => migration.name === name);
  if (found !== undefined) return found;
  throw new MigrationError("QUERY_MIGRATION_INVALID", `There is no migration named "${name}".`, name);
}

function toApply(
  list: readonly Migration[],
  records: ReadonlyMap<string, MigrationRecord>,
): readonly Migration[] {
  return list.filter((migration) => !records.has(migration.name));
}

function toUndo(
  list: readonly Migration[],
  records: ReadonlyMap<string, MigrationRecord>,
): readonly Migration[] {
  const applied = list.filter((migration) => records.has(migration.name)).reverse();
  const stuck = applied.find((migration) => migration.down === undefined);
  if (stuck === undefined) return applied;
  throw new MigrationError(
    "QUERY_MIGRATION_INVALID",
    `The migration "${stuck.name}" has no function \`down\`, so nothing was undone; add one.`,
    stuck.name,
  );
}

function apply(db: Database, migration: Migration, logger: Logger): Promise<boolean> {
  return runStep(db, migration, "up", async (tx) => {
    await lockMigrations(tx);
    await prepareRecords(tx);
    // While this process waited for the lock, another process may have applied the migration.
    if (await hasRecord(tx, migration.name)) return false;
    await migration.up(tx, logger);
    await addRecord(tx, migration);
    return true;
  });
}

function undo(db: Database, migration: Migration, logger: Logger): Promise<boolean> {
  return runStep(db, migration, "down", async (tx) => {
    await lockMigrations(tx);
    if (!(await hasRecord(tx, migration.name))) return false;
    await migration.down?.(tx, logger);
    await removeRecord(tx, migration.name);
    return true;
  });
}

async function runStep(
  db: Database,
  migration: Migration,
  direction: "up" | "down",
  step: (tx: QueryScope) => Promise<boolean>,
): Promise<boolean> {
  let began = false;
  try {
    const run = (tx: Transaction) => {
      began = true;
      return step(tx);
    };
    const options = { lockTimeout: patience };
    return await (migration.rebuild === true
      ? rebuildTransaction(db, run, options)
      : db.transaction(run, options));
  } catch (error) {
    if (!began) throw error;
    const reason = error instanceof Error ? error.message : describeValue(error);
    throw new MigrationError(
      "QUERY_MIGRATION_FAILED",
      `The migration "${migration.name}" failed (${direction}) and was rolled back: ${reason}`,
      migration.name,
      error,
    );
  }
}
