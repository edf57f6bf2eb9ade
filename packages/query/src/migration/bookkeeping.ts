import { createHash } from "node:crypto";
import type { QueryScope } from "../database/query-scope.js";
import { findDialect } from "../dialects/find-dialect.js";
import type { Migration } from "./migration.js";

/** The table that stores the applied migrations. */
const table = "miqro_migration";

/** One row of the table. */
export interface MigrationRecord {
  readonly name: string;
  /** The checksum of the source at the time of the migration; null if the migration had no source. */
  readonly checksum: string | null;
  readonly appliedAt: Date;
}

/** All records by name. If the table does not exist yet, the result is empty, and the table is not created. */
export async function readRecords(db: QueryScope): Promise<ReadonlyMap<string, MigrationRecord>> {
  const { sql, params } = findDialect(db.dialect).tableExists(table);
  if ((await db.query(sql, params)).length === 0) return new Map();
  const rows = await db
    .select("name", "checksum", "appliedAt")
    .from(table)
    .order("appliedAt")
    .order("name")
    .yield();
  return new Map(rows.map((row) => [row.name, row as MigrationRecord]));
}

/** Creates the table if it does not exist. */
export async function prepareRecords(tx: QueryScope): Promise<void> {
  await tx
    .createTable(
      table,
      {
        name: { type: "text", primaryKey: true },
        checksum: { type: "text" },
        appliedAt: { type: "datetime", notNull: true },
      },
      { ifNotExists: true },
    )
    .yield();
}

export async function hasRecord(tx: QueryScope, name: string): Promise<boolean> {
  return (await tx.select("name").from(table).eq("name", name).first()) !== undefined;
}

export async function addRecord(tx: QueryScope, migration: Migration): Promise<void> {
  const row = { name: migration.name, checksum: checksumOf(migration) ?? null, appliedAt: new Date() };
  await tx.insert(table).values(row).yield();
}

export async function removeRecord(tx: QueryScope, name: string): Promise<void> {
  await tx.delete(table).eq("name", name).yield();
}

/**
 * Whether the source has changed since the migration was applied. If one of the two sources is unknown, the result is
 * false.
 */
export function isChanged(migration: Migration, record: MigrationRecord): boolean {
  const checksum = checksumOf(migration);
  return checksum !== undefined && record.checksum !== null && record.checksum !== checksum;
}

function checksumOf({ source }: Migration): string | undefined {
  // Git may change line endings in a checkout. This is not a change of the source.
  return source && createHash("sha256").update(source.replaceAll("\r\n", "\n")).digest("hex");
}
