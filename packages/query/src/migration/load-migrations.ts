import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { MigrationError } from "../errors.js";
import type { Migration, MigrationModule } from "./migration.js";
import { getSortedMigrations, toMigrationName } from "./sorted-migrations.js";

/** Imports the migrations of a folder, in order. */
export async function loadMigrations(folder: string): Promise<readonly Migration[]> {
  const migrations: Migration[] = [];
  for (const file of await getSortedMigrations(folder)) migrations.push(await loadMigration(folder, file));
  return migrations;
}

async function loadMigration(folder: string, file: string): Promise<Migration> {
  const path = resolve(folder, file);
  let module: { readonly default?: MigrationModule };
  try {
    module = await import(pathToFileURL(path).href);
  } catch (error) {
    throw new MigrationError(
      "QUERY_MIGRATION_INVALID",
      `The migration ${path} did not load: ${(error as Error).message}.`,
      file,
      error,
    );
  }
  const { default: exported } = module;
  if (typeof exported?.up !== "function") {
    throw new MigrationError(
      "QUERY_MIGRATION_INVALID",
      `The migration ${path} has no default export with a function \`up\`.`,
      file,
    );
  }
  const name = toMigrationName(exported.name ?? file);
  return {
    name,
    up: exported.up,
    down: exported.down,
    rebuild: exported.rebuild,
    source: await readFile(path, "utf8"),
  };
}
