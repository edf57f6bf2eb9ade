import { existsSync } from "node:fs";
import { register } from "node:module";
import { join } from "node:path";
import { describe, type SuiteContext, type TestContext } from "node:test";
import { Database, type DatabaseOptions, type DialectName } from "@miqro/query";
import { createFolder, withoutSqlite } from "./sqlite.js";

const parts = new URL("../../../../test/parts/package.json", import.meta.url);

/** The drivers that only tests need are installed apart; this is where `import("pg")` finds them. */
const hooks = `
const drivers = new Set(["pg", "sqlite3"]);
export function resolve(specifier, context, next) {
  return next(specifier, drivers.has(specifier) ? { ...context, parentURL: ${JSON.stringify(parts.href)} } : context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);

function without(name: string): string | false {
  return existsSync(new URL(`node_modules/${name}`, parts))
    ? false
    : `${name} is not installed: run npm test once`;
}

/** Why a dialect cannot be tested here, or false. */
export const missing: Readonly<Record<DialectName, string | false>> = {
  "node:sqlite": withoutSqlite,
  sqlite3: without("sqlite3"),
  pg: without("pg") || (process.env.DATABASE_URL === undefined && "DATABASE_URL names no PostgreSQL"),
};

export const dialects: readonly DialectName[] = ["node:sqlite", "sqlite3", "pg"];

let schemas = 0;

/** Options of an empty database of this dialect; what it holds is gone when the test ends. */
export async function createDatabase(
  context: TestContext | SuiteContext,
  dialect: DialectName,
): Promise<DatabaseOptions> {
  if (dialect !== "pg") {
    return { dialect, storage: join(await createFolder(context as TestContext), "data.sqlite3") };
  }
  const schema = `test_${process.pid}_${++schemas}`;
  const url = new URL(process.env.DATABASE_URL as string);
  const admin = new Database({ dialect, url: url.href });
  await admin.connect();
  await admin.query(`CREATE SCHEMA ${schema}`);
  (context as TestContext).after(async () => {
    await admin.query(`DROP SCHEMA ${schema} CASCADE`);
    await admin.disconnect();
  });
  url.searchParams.set("options", `-c search_path=${schema}`);
  return { dialect, connectionString: url.href };
}

/** A connected, empty database. */
export async function connectTo(
  context: TestContext,
  dialect: DialectName,
  options: DatabaseOptions = {},
): Promise<Database> {
  const db = new Database({ ...(await createDatabase(context, dialect)), ...options });
  await db.connect();
  context.after(() => db.disconnect());
  return db;
}

/** One suite for each dialect: what is in it must hold for all of them. */
export function describeEach(name: string, suite: (dialect: DialectName) => void): void {
  for (const dialect of dialects) {
    describe(`${name} (${dialect})`, { skip: missing[dialect] }, () => suite(dialect));
  }
}

/** The SQL that PostgreSQL gets where SQLite gets this one. */
export function toSql(dialect: DialectName, sqlite: string): string {
  if (dialect !== "pg") return sqlite;
  let position = 0;
  return sqlite
    .replace(/`/g, '"')
    .replace(/\?/g, () => `$${++position}`)
    .replace(/(ASC) NULLS LAST|(DESC) NULLS FIRST/g, "$1$2");
}
