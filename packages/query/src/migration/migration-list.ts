import { MigrationError } from "../errors.js";
import { describeValue } from "../values/describe-value.js";
import { loadMigrations } from "./load-migrations.js";
import type { Migration } from "./migration.js";

/** The source of migrations: an array of loaded migrations in order, or a folder of files. */
export interface MigrationSource {
  /** The migrations, in the order in which they run. Give `migrations` or `folder`, not both. */
  readonly migrations?: readonly Migration[];
  /** The path of a folder with the modules of migrations. */
  readonly folder?: string;
}

/** Loads the migrations of a source and checks all of them. */
export async function listMigrations({ migrations, folder }: MigrationSource): Promise<readonly Migration[]> {
  const list = migrations ?? (await loadMigrations(folder as string));
  const names = new Set<string>();
  for (const migration of list) {
    checkMigration(migration);
    if (names.has(migration.name)) {
      throw new MigrationError(
        "QUERY_MIGRATION_INVALID",
        `Two migrations of one database are named "${migration.name}"; rename one of them.`,
        migration.name,
      );
    }
    names.add(migration.name);
  }
  return list;
}

function checkMigration({ name, up, down, rebuild }: Migration): void {
  if (typeof name !== "string" || name === "") {
    throw new MigrationError(
      "QUERY_MIGRATION_INVALID",
      `The name of a migration must be a string, but ${describeValue(name)} was given.`,
    );
  }
  if (rebuild !== undefined && typeof rebuild !== "boolean") {
    throw new MigrationError(
      "QUERY_MIGRATION_INVALID",
      `"rebuild" of the migration "${name}" must be true or false, but ${describeValue(rebuild)} was given.`,
      name,
    );
  }
  if (typeof up !== "function" || (down !== undefined && typeof down !== "function")) {
    throw new MigrationError(
      "QUERY_MIGRATION_INVALID",
      `The migration "${name}" needs a function \`up\`; \`down\` must be a function, or left out.`,
      name,
    );
  }
}
