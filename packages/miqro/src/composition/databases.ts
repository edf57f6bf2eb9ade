import type { Logger } from "@miqro/core";
import type { Database, Migration, MigrationStep } from "@miqro/query";
import { type Problem, StartError } from "../errors.js";
import type { LoadedMigration, LoadedService } from "../service/load-service.js";
import { waitFor } from "../service/waiting.js";
import type { Composition } from "./load-composition.js";

/** The databases of a composition by name, and their migrations. */
export interface Databases {
  get(name: string): Database | undefined;
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  /** Runs what is due (`up`), or undoes everything, last first (`down`), database after database. */
  migrate(direction: "up" | "down"): Promise<void>;
}

interface Entry {
  /** The `db.ts` that names it. */
  readonly file: string;
  readonly db: Database;
  readonly logger: Logger;
  readonly migrations: LoadedMigration[];
}

/**
 * Makes the databases that `db.ts` files name; `@miqro/query` is loaded only where there is one.
 * @throws {StartError} for a name that two services use, options that the dialect refuses, and migrations
 * without a database
 */
export async function createDatabases(
  { services }: Composition,
  getLogger: (identifier: string) => Logger,
): Promise<Databases> {
  const entries = new Map<string, Entry>();
  const problems: Problem[] = [];
  if (services.some(({ configs }) => configs.db.length > 0)) {
    const { Database } = await import("@miqro/query");
    for (const { configs, scanned } of services) {
      const file = scanned.configs.get("db")?.source ?? scanned.folder;
      for (const { disabled, name, ...options } of configs.db) {
        if (disabled === true) continue;
        if (entries.has(name)) {
          problems.push({
            file,
            message: `the database "${name}" is there already. Give each its own name.`,
          });
          continue;
        }
        try {
          const logger = getLogger(`DATABASE_${name}`);
          entries.set(name, { file, db: new Database({ ...options, name, logger }), logger, migrations: [] });
        } catch (error) {
          problems.push({
            file,
            message: toMessage(error),
            cause: error,
          });
        }
      }
    }
  }
  for (const service of services) {
    for (const migration of service.migrations) {
      const target = databaseOf(migration, service, entries);
      if (typeof target === "string") problems.push({ file: migration.file.source, message: target });
      else target?.migrations.push(migration);
    }
  }
  if (problems.length > 0) throw new StartError(problems);
  return toDatabases(entries);
}

function toDatabases(entries: ReadonlyMap<string, Entry>): Databases {
  return {
    get: (name) => entries.get(name)?.db,
    async connect() {
      for (const { db, file } of entries.values()) {
        await db.connect().catch((error: unknown) => {
          throw new StartError([{ file, message: toMessage(error), cause: error }]);
        });
      }
    },
    async disconnect() {
      for (const { db } of entries.values()) await db.disconnect();
    },
    async migrate(direction) {
      for (const { db, file, logger, migrations } of entries.values()) {
        if (migrations.length === 0) continue;
        const { MigrationError, migrate } = await import("@miqro/query");
        await migrate({ direction, db, migrations: migrations.map(toMigration), logger }).catch(
          (error: unknown) => {
            if (!(error instanceof MigrationError)) throw error;
            const failed = migrations.find(({ name }) => name === error.migration);
            throw new StartError([
              { file: failed?.file.source ?? file, message: error.message, cause: error },
            ]);
          },
        );
      }
    },
  };
}

function toMigration({ file, name, module, source }: LoadedMigration): Migration {
  const { up, down, rebuild } = module;
  const noted =
    (step: MigrationStep): MigrationStep =>
    (db, logger) =>
      waitFor(`the migration ${file.source}`, () => step(db, logger));
  return { name, up: noted(up), source, rebuild, ...(down === undefined ? {} : { down: noted(down) }) };
}

/** The database that a migration changes; a sentence when that is unclear; undefined when it is disabled. */
function databaseOf(
  { module }: LoadedMigration,
  { configs, scanned }: LoadedService,
  entries: ReadonlyMap<string, Entry>,
): Entry | string | undefined {
  const own = configs.db.map(({ name }) => name);
  const name = module.dbName ?? own[0];
  if (name === undefined) {
    return `it has no "dbName", and ${scanned.name} has no db.ts that would give one. Add dbName.`;
  }
  if (module.dbName === undefined && own.length > 1) {
    return `it has no "dbName", but ${scanned.name} has ${own.join(" and ")}. Add dbName with one of them.`;
  }
  if (configs.db.find((config) => config.name === name)?.disabled === true) return undefined;
  return (
    entries.get(name) ??
    `no db.ts names the database "${name}". Known are: ${[...entries.keys()].join(", ")}.`
  );
}

function toMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
