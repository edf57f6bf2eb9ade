import { DatabaseSync, type StatementSync } from "node:sqlite";
import { BetterSQLiteSession } from "drizzle-orm/better-sqlite3/session";
import { BaseSQLiteDatabase, SQLiteSyncDialect } from "drizzle-orm/sqlite-core";
import createKnex, { type Knex } from "knex";
import KnexClient from "knex/lib/dialects/better-sqlite3/index.js";
import { Kysely, SqliteDialect } from "kysely";
import { createRows, createSqlite, type Tables } from "./tables.ts";

/** A database in memory with its rows. */
export function openMemory(): DatabaseSync {
  const database = new DatabaseSync(":memory:");
  for (const sql of createSqlite) database.exec(sql);
  const insert = database.prepare("INSERT INTO posts (title, body, likes, authorId) VALUES (?, ?, ?, ?)");
  for (const { title, body, likes, authorId } of createRows()) insert.run(title, body, likes, authorId);
  return database;
}

/**
 * node:sqlite with the methods of better-sqlite3 that the peers call. Statements are kept by their text where a peer
 * prepares anew each time, as @miqro/query does: what is compared is the peer, not SQLite's parser.
 */
class Adapter {
  readonly #database: DatabaseSync = openMemory();
  readonly #prepared: Map<string, object> = new Map();

  prepare(sql: string): object {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const statement: StatementSync = this.#database.prepare(sql);
    const arrays = this.#database.prepare(sql);
    const reader = statement.columns().length > 0;
    if (reader) arrays.setReturnArrays(true);
    const flat = (params: unknown[]): never[] => params.flat() as never[];
    const made = {
      reader,
      all: (...params: unknown[]) => statement.all(...flat(params)),
      get: (...params: unknown[]) => statement.get(...flat(params)),
      run: (...params: unknown[]) => statement.run(...flat(params)),
      iterate: (...params: unknown[]) => statement.iterate(...flat(params)),
      raw: () => ({
        all: (...params: unknown[]) => arrays.all(...flat(params)),
        get: (...params: unknown[]) => arrays.get(...flat(params)),
      }),
    };
    this.#prepared.set(sql, made);
    return made;
  }

  close(): void {
    this.#database.close();
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
