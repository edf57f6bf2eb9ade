import { DatabaseSync } from "node:sqlite";
import { BetterSQLiteSession } from "drizzle-orm/better-sqlite3/session";
import { BaseSQLiteDatabase, SQLiteSyncDialect } from "drizzle-orm/sqlite-core";
import createKnex, { type Knex } from "knex";
import KnexClient from "knex/lib/dialects/better-sqlite3/index.js";
import { Kysely, SqliteDialect } from "kysely";
import { SQLiteAdapter } from "../../lib/sqlite-adapter.ts";
import { createRows, createSqlite, type Tables } from "./tables.ts";

/** A database in memory with its rows. */
export function openMemory(): DatabaseSync {
  const database = new DatabaseSync(":memory:");
  for (const sql of createSqlite) database.exec(sql);
  const insert = database.prepare("INSERT INTO posts (title, body, likes, authorId) VALUES (?, ?, ?, ?)");
  for (const { title, body, likes, authorId } of createRows()) insert.run(title, body, likes, authorId);
  return database;
}

class Adapter extends SQLiteAdapter {
  constructor() {
    super(openMemory());
  }
}

export const kysely: Kysely<Tables> = new Kysely<Tables>({
  dialect: new SqliteDialect({ database: new Adapter() as never }),
});

export const knex: Knex = createKnex({
  client: class extends KnexClient {
    _driver() {
      return Adapter;
    }
  } as never,
  useNullAsDefault: true,
  connection: { filename: ":memory:" },
});

const dialect = new SQLiteSyncDialect({});

export const drizzle = new BaseSQLiteDatabase<"sync", unknown>(
  "sync",
  dialect,
  new BetterSQLiteSession(new Adapter() as never, dialect, undefined) as never,
  undefined,
);

/** knex's builders are thenable, which is not seen from outside. */
export async function toPromise(builder: PromiseLike<unknown>): Promise<unknown> {
  return builder;
}
