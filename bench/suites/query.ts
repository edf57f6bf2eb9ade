// @miqro/query against a raw prepared statement of node:sqlite, kysely, knex and drizzle.
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { and, desc, eq, gt, like, sql } from "drizzle-orm";
import { BetterSQLiteSession } from "drizzle-orm/better-sqlite3/session";
import {
  BaseSQLiteDatabase,
  integer,
  QueryBuilder,
  SQLiteSyncDialect,
  sqliteTable,
  text,
} from "drizzle-orm/sqlite-core";
import createKnex from "knex";
import KnexClient from "knex/lib/dialects/better-sqlite3/index.js";
import { Kysely, SqliteDialect } from "kysely";
import { Database } from "../../packages/query/dist/index.js";
import { startPostgres } from "../../scripts/postgres.ts";
import { compareAwaited, type AwaitedContestant } from "../lib/compare-awaited.ts";
import type { Comparison } from "../lib/compare.ts";
import { atLeast, atMost, type Result, type Target } from "../lib/result.ts";

const rowCount = 1000;

interface PostRow {
  id: number;
  title: string;
  body: string;
  likes: number;
  authorId: number;
}

interface Tables {
  posts: PostRow;
  users: { id: number; name: string };
}

const posts = sqliteTable("posts", {
  id: integer("id").primaryKey({ autoIncrement: true }),
  title: text("title").notNull(),
  body: text("body").notNull(),
  likes: integer("likes").notNull(),
  authorId: integer("authorId").notNull(),
});
const users = sqliteTable("users", { id: integer("id").primaryKey(), name: text("name").notNull() });

function fill(database: DatabaseSync): void {
  database.exec(
    "CREATE TABLE posts (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, body TEXT NOT NULL, likes INTEGER NOT NULL, authorId INTEGER NOT NULL)",
  );
  database.exec("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL)");
  const insert = database.prepare("INSERT INTO posts (title, body, likes, authorId) VALUES (?, ?, ?, ?)");
  for (let index = 0; index < rowCount; index++)
    insert.run(`title ${index}`, `body of the post ${index}`, index % 7, 1);
}

/**
 * node:sqlite with the methods of better-sqlite3 that the peers call. Statements are kept by their text where the
 * peer prepares anew each time, as @miqro/query does: what is compared is the peer, not SQLite's parser.
 */
class Adapter {
  readonly database: DatabaseSync = memory();
  readonly #prepared: Map<string, object> = new Map();

  prepare(text: string): object {
    const known = this.#prepared.get(text);
    if (known !== undefined) return known;
    const statement: StatementSync = this.database.prepare(text);
    const arrays = this.database.prepare(text);
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
    this.#prepared.set(text, made);
    return made;
  }

  close(): void {
    this.database.close();
  }
}

function memory(): DatabaseSync {
  const database = new DatabaseSync(":memory:");
  fill(database);
  return database;
}

const raw = memory();
const kysely = new Kysely<Tables>({ dialect: new SqliteDialect({ database: new Adapter() as never }) });
const knex = createKnex({
  client: class extends KnexClient {
    _driver() {
      return Adapter;
    }
  },
  useNullAsDefault: true,
  connection: { filename: ":memory:" },
});
const drizzleDialect = new SQLiteSyncDialect({});
const drizzle = new BaseSQLiteDatabase<"sync", unknown>(
  "sync",
  drizzleDialect,
  new BetterSQLiteSession(new Adapter() as never, drizzleDialect, undefined) as never,
  undefined,
);
const db = new Database<Tables>({ dialect: "node:sqlite", storage: ":memory:" });
await db.connect();
await db.query(
  "CREATE TABLE posts (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, body TEXT NOT NULL, likes INTEGER NOT NULL, authorId INTEGER NOT NULL)",
);
await db.query("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL)");
await db
  .insert("posts")
  .values(
    Array.from({ length: rowCount }, (_, index) => ({
      title: `title ${index}`,
      body: `body of the post ${index}`,
      likes: index % 7,
      authorId: 1,
    })),
  )
  .yield();

if (!process.argv[2]) await building();
await selectByKey();
await insertOne();
await hundredRows();
await knex.destroy();
await db.disconnect();

/** knex's builders are thenable, which is not seen from outside. */
async function toPromise(builder: PromiseLike<unknown>): Promise<unknown> {
  return builder;
}

async function building(): Promise<void> {
  const builder = new QueryBuilder();
  let sink = 0;
  const quote = (name: string) => `\`${name.replaceAll("`", "``")}\``;
  const results = await run([
    {
      name: "template by hand",
      run(index) {
        const params = [index, "a%", 3, 10];
        const text =
          `SELECT ${quote("posts")}.${quote("id")}, ${quote("posts")}.${quote("title")}, ${quote("users")}.${quote("name")} FROM ${quote("posts")} ` +
          `INNER JOIN ${quote("users")} ON ${quote("posts")}.${quote("authorId")} = ${quote("users")}.${quote("id")} ` +
          `WHERE ${quote("posts")}.${quote("id")} = ? AND ${quote("title")} LIKE ? AND ${quote("likes")} > ? ORDER BY ${quote("posts")}.${quote("id")} DESC LIMIT ?`;
        sink += text.length + params.length;
      },
    },
    {
      name: "constant text",
      run(index) {
        const params = [index, "a%", 3, 10];
        const text =
          "SELECT `posts`.`id`, `posts`.`title`, `users`.`name` FROM `posts` INNER JOIN `users` ON `posts`.`authorId` = `users`.`id` WHERE `posts`.`id` = ? AND `title` LIKE ? AND `likes` > ? ORDER BY `posts`.`id` DESC LIMIT ?";
        sink += text.length + params.length;
      },
    },
    {
      name: "@miqro/query",
      run(index) {
        const { sql: text, params } = db
          .from("posts")
          .join("users", "posts.authorId", "=", "users.id")
          .select("posts.id", "posts.title", "users.name")
          .eq("posts.id", index)
          .like("title", "a%")
          .gt("likes", 3)
          .order("posts.id", "DESC")
          .limit(10)
          .toSQL();
        sink += text.length + params.length;
      },
    },
    {
      name: "kysely",
      run(index) {
        const { sql: text, parameters } = kysely
          .selectFrom("posts")
          .innerJoin("users", "posts.authorId", "users.id")
          .select(["posts.id", "posts.title", "users.name"])
          .where("posts.id", "=", index)
          .where("title", "like", "a%")
          .where("likes", ">", 3)
          .orderBy("posts.id", "desc")
          .limit(10)
          .compile();
        sink += text.length + parameters.length;
      },
    },
    {
      name: "knex",
      run(index) {
        const { sql: text, bindings } = knex("posts")
          .innerJoin("users", "posts.authorId", "users.id")
          .select("posts.id", "posts.title", "users.name")
          .where("posts.id", "=", index)
          .where("title", "like", "a%")
          .where("likes", ">", 3)
          .orderBy("posts.id", "desc")
          .limit(10)
          .toSQL();
        sink += text.length + bindings.length;
      },
    },
    {
      name: "drizzle",
      run(index) {
        const { sql: text, params } = builder
          .select({ id: posts.id, title: posts.title, name: users.name })
          .from(posts)
          .innerJoin(users, eq(posts.authorId, users.id))
          .where(and(eq(posts.id, index), like(posts.title, "a%"), gt(posts.likes, 3)))
          .orderBy(desc(posts.id))
          .limit(10)
          .toSQL();
        sink += text.length + params.length;
      },
    },
  ]);
  printComparison(
    "Building a select with three conditions, a join, order and limit",
    results,
    "0.17, and 4 times kysely",
  );
  if (sink === 0) throw new Error("nothing was built");
}

async function selectByKey(): Promise<void> {
  const statement = raw.prepare("SELECT * FROM posts WHERE id = ?");
  const prepared = db.from("posts").eq("id", db.param("id")).prepare();
  const kyselyPrepared = kysely.selectFrom("posts").selectAll();
  const drizzlePrepared = drizzle
    .select()
    .from(posts)
    .where(eq(posts.id, sql.placeholder("id")))
    .prepare();
  const id = (index: number) => 1 + (index % rowCount);
  const results = await run([
    { name: "raw prepared", run: (index) => statement.all(id(index)) },
    { name: "raw prepared, awaited", run: async (index) => statement.all(id(index)) },
    { name: "@miqro/query prepared", run: (index) => prepared.yield({ id: id(index) }) },
    { name: "@miqro/query", run: (index) => db.from("posts").eq("id", id(index)).yield() },
    { name: "kysely", run: (index) => kyselyPrepared.where("id", "=", id(index)).execute() },
    { name: "knex", run: (index) => toPromise(knex("posts").select("*").where("id", id(index))) },
    { name: "drizzle prepared", run: (index) => drizzlePrepared.all({ id: id(index) }) },
    {
      name: "drizzle",
      run: (index) =>
        drizzle
          .select()
          .from(posts)
          .where(eq(posts.id, id(index)))
          .all(),
    },
  ]);
  return toResult("Select by key", results, targets);
}

async function insertOne(): Promise<void> {
  const statement = raw.prepare("INSERT INTO posts (title, body, likes, authorId) VALUES (?, ?, ?, ?)");
  const prepared = db
    .insert("posts")
    .values({ title: db.param("title"), body: db.param("body"), likes: db.param("likes"), authorId: 1 })
    .prepare();
  const drizzlePrepared = drizzle
    .insert(posts)
    .values({
      title: sql.placeholder("title"),
      body: sql.placeholder("body"),
      likes: sql.placeholder("likes"),
      authorId: 1,
    })
    .prepare();
  const results = await run([
    { name: "raw prepared", run: (index) => statement.run("title", "the body", index, 1) },
    {
      name: "@miqro/query prepared",
      run: (index) => prepared.yield({ title: "title", body: "the body", likes: index }),
    },
    {
      name: "@miqro/query",
      run: (index) =>
        db.insert("posts").values({ title: "title", body: "the body", likes: index, authorId: 1 }).yield(),
    },
    {
      name: "kysely",
      run: (index) =>
        kysely
          .insertInto("posts")
          .values({ title: "title", body: "the body", likes: index, authorId: 1 } as PostRow)
          .execute(),
    },
    {
      name: "knex",
      run: (index) =>
        toPromise(knex("posts").insert({ title: "title", body: "the body", likes: index, authorId: 1 })),
    },
    {
      name: "drizzle prepared",
      run: (index) => drizzlePrepared.run({ title: "title", body: "the body", likes: index }),
    },
    {
      name: "drizzle",
      run: (index) =>
        drizzle.insert(posts).values({ title: "title", body: "the body", likes: index, authorId: 1 }).run(),
    },
  ]);
  return toResult("Insert", results, targets);
}

async function hundredRows(): Promise<void> {
  const statement = raw.prepare("SELECT * FROM posts WHERE id > ? ORDER BY id LIMIT 100");
  const prepared = db.from("posts").gt("id", db.param("id")).order("id").limit(100).prepare();
  const drizzlePrepared = drizzle
    .select()
    .from(posts)
    .where(gt(posts.id, sql.placeholder("id")))
    .orderBy(posts.id)
    .limit(100)
    .prepare();
  const id = (index: number) => index % 800;
  const results = await run([
    { name: "raw prepared", run: (index) => statement.all(id(index)) },
    { name: "@miqro/query prepared", run: (index) => prepared.yield({ id: id(index) }) },
    {
      name: "@miqro/query",
      run: (index) => db.from("posts").gt("id", id(index)).order("id").limit(100).yield(),
    },
    {
      name: "kysely",
      run: (index) =>
        kysely.selectFrom("posts").selectAll().where("id", ">", id(index)).orderBy("id").limit(100).execute(),
    },
    {
      name: "knex",
      run: (index) =>
        toPromise(knex("posts").select("*").where("id", ">", id(index)).orderBy("id").limit(100)),
    },
    { name: "drizzle prepared", run: (index) => drizzlePrepared.all({ id: id(index) }) },
    {
      name: "drizzle",
      run: (index) =>
        drizzle
          .select()
          .from(posts)
          .where(gt(posts.id, id(index)))
          .orderBy(posts.id)
          .limit(100)
          .all(),
    },
  ]);
  return toResult("100 rows", results, targets);
}
