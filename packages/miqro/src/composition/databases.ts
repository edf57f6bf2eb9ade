import type { Logger } from "@miqro/core";
import type { Database, Migration, MigrationStep, Logger as QueryLogger } from "@miqro/query";
import type { DBConfig } from "../conventions/db.js";
import { messageOf, StartError } from "../errors.js";
import type { DatabaseMigration } from "../req-server/server.js";
import { configsOf, type LoadedMigration, type LoadedService } from "../service/load-service.js";
import { waitFor } from "../service/waiting.js";
import type { CompositionParts } from "./parts.js";

/** The databases of a composition by name, and their migrations. */
export interface Databases {
  names(): readonly string[];
  get(name: string): Database | undefined;
  /** Adds a database, which gets its own logger. */
  add(name: string, file: string, create: (logger: QueryLogger) => Database): void;
  /** Adds a migration of a database; they run in this order. */
  addMigration(name: string, migration: LoadedMigration): void;
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  /** The state of each migration, ordered by database. */
  getMigrations(): Promise<readonly DatabaseMigration[]>;
  /**
   * Runs the migrations that are due (`up`), or undoes all of them, the last one first (`down`). The databases follow
   * one after the other.
   */
  migrate(direction: "up" | "down"): Promise<void>;
}

interface Entry {
  /** The `db.ts` with its config. */
  readonly file: string;
  readonly db: Database;
  readonly logger: Logger;
  readonly migrations: LoadedMigration[];
  /** The number of statements that it was sent. */
  readonly sent: { count: number };
}

/** Makes an empty set of databases. */
export function createDatabases(getLogger: (identifier: string) => Logger): Databases {
  const entries = new Map<string, Entry>();
  return {
    names: () => [...entries.keys()],
    get: (name) => entries.get(name)?.db,
    add(name, file, create) {
      const logger = getLogger(`DATABASE_${name}`);
      const sent = { count: 0 };
      entries.set(name, { file, db: create(countStatements(logger, sent)), logger, migrations: [], sent });
    },
    addMigration: (name, migration) => entries.get(name)?.migrations.push(migration),
    async connect() {
      for (const [name, { db, file }] of entries) {
        await waitFor(`connecting the database "${name}" of ${file}`, () => db.connect()).catch(
          (error: unknown) => {
            throw new StartError([{ file, message: messageOf(error), cause: error }]);
          },
        );
      }
    },
    async disconnect() {
      for (const { db } of entries.values()) await db.disconnect();
    },
    async getMigrations() {
      const { migrationStatus } = await import("@miqro/query");
      const all: DatabaseMigration[] = [];
      for (const [database, { db, migrations, sent }] of entries) {
        if (migrations.length === 0) continue;
        const list = migrations.map((migration) => toMigration(migration, sent));
        const states = await migrationStatus({ db, migrations: list });
        for (const state of states) all.push({ database, ...state });
      }
      return all;
    },
    async migrate(direction) {
      for (const { db, file, logger, migrations, sent } of entries.values()) {
        if (migrations.length === 0) continue;
        const { MigrationError, migrate } = await import("@miqro/query");
        const list = migrations.map((migration) => toMigration(migration, sent));
        await migrate({ direction, db, migrations: list, logger }).catch((error: unknown) => {
          if (!(error instanceof MigrationError)) throw error;
          const failed = migrations.find(({ name }) => name === error.migration);
          throw new StartError([{ file: failed?.file.source ?? file, message: error.message, cause: error }]);
        });
      }
    },
  };
}

/** Adds every migration to its database. A migration without a database is a problem. */
export function addMigrations({ composition, databases, problemsOf }: CompositionParts): void {
  for (const service of composition.services) {
    for (const migration of service.migrations) {
      const target = databaseOf(migration, service, databases);
      if ("problem" in target) problemsOf(migration.file.source).add(target.problem);
      else if (target.name !== undefined) databases?.addMigration(target.name, migration);
    }
  }
}

/** Every statement that was sent is logged at the level `debug`, even if the log does not write that level. */
function countStatements(logger: Logger, sent: { count: number }): QueryLogger {
  return {
    error: (message, ...rest) => logger.error(message, ...rest),
    warn: (message, ...rest) => logger.warn(message, ...rest),
    info: (message, ...rest) => logger.info(message, ...rest),
    debug(message, ...rest) {
      sent.count++;
      logger.debug(message, ...rest);
    },
    trace: (message, ...rest) => logger.trace(message, ...rest),
  };
}

function toMigration(
  { file, name, module, source }: LoadedMigration,
  sent: { readonly count: number },
): Migration {
  const { up, down, rebuild } = module;
  const noted =
    (step: MigrationStep): MigrationStep =>
    async (db, logger) => {
      const before = sent.count;
      await waitFor(`the migration ${file.source}`, () => step(db, logger));
      if (sent.count > before) return;
      // Otherwise the migration would count as applied, and never run again.
      throw new Error(
        "it sent no statement to the database. Call yield() of the query builder, and await the result.",
      );
    };
  return { name, up: noted(up), source, rebuild, ...(down === undefined ? {} : { down: noted(down) }) };
}

/**
 * The name of the database that a migration changes, or an error sentence if that is unclear. The name is undefined if
 * the database is disabled.
 */
function databaseOf(
  { module }: LoadedMigration,
  service: LoadedService,
  databases: Databases | undefined,
): { readonly name: string | undefined } | { readonly problem: string } {
  const configs = configsOf<DBConfig>(service, "db");
  const own = configs.map(({ name }) => name);
  const name = module.dbName ?? own[0];
  const { name: serviceName } = service.scanned;
  if (name === undefined) {
    return {
      problem: `it has no "dbName", and ${serviceName} has no db.ts that would give one. Add dbName.`,
    };
  }
  if (module.dbName === undefined && own.length > 1) {
    return {
      problem: `it has no "dbName", but ${serviceName} has ${own.join(" and ")}. Add dbName with one of them.`,
    };
  }
  if (configs.find((config) => config.name === name)?.disabled === true) return { name: undefined };
  if (databases?.get(name) !== undefined) return { name };
  return {
    problem: `no db.ts names the database "${name}". The databases are: ${databases?.names().join(", ") || "none"}.`,
  };
}
