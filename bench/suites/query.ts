import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { and, desc, eq, gt, like, sql } from "drizzle-orm";
import { drizzle as createPgDrizzle } from "drizzle-orm/node-postgres";
import { QueryBuilder } from "drizzle-orm/sqlite-core";
import createKnex from "knex";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { Database } from "../../packages/query/dist/index.js";
import { installParts } from "../../scripts/parts.ts";
import { startPostgres } from "../../scripts/postgres.ts";
import type { Comparison } from "../lib/compare.ts";
import { compareAwaited } from "../lib/compare-awaited.ts";
import { atLeast, atMost, type Result, type Target } from "../lib/result.ts";
import "./query/drivers.ts";
import { drizzle, knex, kysely, openMemory, toPromise } from "./query/sqlite-peers.ts";
import { createRows, createSqlite, pgPosts, posts, rowCount, type Tables, users } from "./query/tables.ts";

const raw = openMemory();
const db = new Database<Tables>({ storage: ":memory:" });
const idOf = (index: number) => 1 + (index % rowCount);

/** The builder on its own, over node:sqlite against a raw prepared statement, and over PostgreSQL. */
export default async function* query(): AsyncGenerator<Result> {
  await db.connect();
  for (const text of createSqlite) await db.query(text);
  await db.insert("posts").values(createRows()).yield();
  yield await building();
  yield await selectByKey();
  yield await insert();
  yield await hundredRows();
  await knex.destroy();
  await db.disconnect();
  const missing = installParts();
  if (missing !== undefined) throw new Error(missing);
  const server = process.env.DATABASE_URL === undefined ? await startPostgres() : undefined;
  const url = server?.url ?? (process.env.DATABASE_URL as string);
  try {
    yield await overPostgres(url);
    yield iterating(url);
  } finally {
    await server?.stop();
  }
}

async function building(): Promise<Result> {
  const builder = new QueryBuilder();
  const quote = (name: string) => `\`${name.replaceAll("`", "``")}\``;
  const comparison = await compareAwaited({
    "template by hand": (index) => ({
      sql:
        `SELECT ${quote("posts")}.${quote("id")}, ${quote("posts")}.${quote("title")}, ${quote("users")}.${quote("name")} ` +
        `FROM ${quote("posts")} INNER JOIN ${quote("users")} ON ${quote("posts")}.${quote("authorId")} = ${quote("users")}.${quote("id")} ` +
        `WHERE ${quote("posts")}.${quote("id")} = ? AND ${quote("title")} LIKE ? AND ${quote("likes")} > ? ` +
        `ORDER BY ${quote("posts")}.${quote("id")} DESC LIMIT ?`,
      params: [index, "a%", 3, 10],
    }),
    "@miqro/query": (index) =>
      db
        .from("posts")
        .join("users", "posts.authorId", "=", "users.id")
        .select("posts.id", "posts.title", "users.name")
        .eq("posts.id", index)
        .like("title", "a%")
        .gt("likes", 3)
        .order("posts.id", "DESC")
        .limit(10)
        .toSQL(),
    kysely: (index) =>
      kysely
        .selectFrom("posts")
        .innerJoin("users", "posts.authorId", "users.id")
        .select(["posts.id", "posts.title", "users.name"])
        .where("posts.id", "=", index)
        .where("title", "like", "a%")
        .where("likes", ">", 3)
        .orderBy("posts.id", "desc")
        .limit(10)
        .compile(),
    knex: (index) =>
      knex("posts")
        .innerJoin("users", "posts.authorId", "users.id")
        .select("posts.id", "posts.title", "users.name")
        .where("posts.id", "=", index)
        .where("title", "like", "a%")
        .where("likes", ">", 3)
        .orderBy("posts.id", "desc")
        .limit(10)
        .toSQL(),
    drizzle: (index) =>
      builder
        .select({ id: posts.id, title: posts.title, name: users.name })
        .from(posts)
        .innerJoin(users, eq(posts.authorId, users.id))
        .where(and(eq(posts.id, index), like(posts.title, "a%"), gt(posts.likes, 3)))
        .orderBy(desc(posts.id))
        .limit(10)
        .toSQL(),
  });
  return toResult("A select with three conditions, a join, order and limit to SQL", comparison, [
    atLeast("against a template by hand", 0.17, comparison.speed("@miqro/query", "template by hand")),
    atLeast("against kysely", 4, comparison.speed("@miqro/query", "kysely")),
  ]);
}

async function selectByKey(): Promise<Result> {
  const statement = raw.prepare("SELECT * FROM posts WHERE id = ?");
  const prepared = db.from("posts").eq("id", db.param("id")).prepare();
  const drizzlePrepared = drizzle
    .select()
    .from(posts)
    .where(eq(posts.id, sql.placeholder("id")))
    .prepare();
  const comparison = await compareAwaited({
    raw: (index) => statement.all(idOf(index)),
    "@miqro/query, prepared": (index) => prepared.yield({ id: idOf(index) }),
    "@miqro/query": (index) => db.from("posts").eq("id", idOf(index)).yield(),
    kysely: (index) => kysely.selectFrom("posts").selectAll().where("id", "=", idOf(index)).execute(),
    knex: (index) => toPromise(knex("posts").select("*").where("id", idOf(index))),
    "drizzle, prepared": (index) => drizzlePrepared.all({ id: idOf(index) }),
    drizzle: (index) =>
      drizzle
        .select()
        .from(posts)
        .where(eq(posts.id, idOf(index)))
        .all(),
  });
  return toResult("node:sqlite: a row by its key", comparison, [
    atLeast("prepared, against raw", 0.85, comparison.speed("@miqro/query, prepared", "raw")),
    atLeast("built each time, against raw", 0.3, comparison.speed("@miqro/query", "raw")),
  ]);
}

async function insert(): Promise<Result> {
  const statement = raw.prepare("INSERT INTO posts (title, body, likes, authorId) VALUES (?, ?, ?, ?)");
  const row = (index: number) => ({ title: "title", body: "the body", likes: index, authorId: 1 });
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
  const comparison = await compareAwaited({
    raw: (index) => statement.run("title", "the body", index, 1),
    "@miqro/query, prepared": (index) => prepared.yield({ title: "title", body: "the body", likes: index }),
    "@miqro/query": (index) => db.insert("posts").values(row(index)).yield(),
    kysely: (index) =>
      kysely
        .insertInto("posts")
        .values(row(index) as Tables["posts"])
        .execute(),
    knex: (index) => toPromise(knex("posts").insert(row(index))),
    "drizzle, prepared": (index) => drizzlePrepared.run({ title: "title", body: "the body", likes: index }),
    drizzle: (index) => drizzle.insert(posts).values(row(index)).run(),
  });
  return toResult("node:sqlite: an insert", comparison, [
    atLeast("prepared, against raw", 0.7, comparison.speed("@miqro/query, prepared", "raw")),
  ]);
}

async function hundredRows(): Promise<Result> {
  const statement = raw.prepare("SELECT * FROM posts WHERE id > ? ORDER BY id LIMIT 100");
  const prepared = db.from("posts").gt("id", db.param("id")).order("id").limit(100).prepare();
  const drizzlePrepared = drizzle
    .select()
    .from(posts)
    .where(gt(posts.id, sql.placeholder("id")))
    .orderBy(posts.id)
    .limit(100)
    .prepare();
  const after = (index: number) => index % 800;
  const comparison = await compareAwaited({
    raw: (index) => statement.all(after(index)),
    "@miqro/query, prepared": (index) => prepared.yield({ id: after(index) }),
    "@miqro/query": (index) => db.from("posts").gt("id", after(index)).order("id").limit(100).yield(),
    kysely: (index) =>
      kysely
        .selectFrom("posts")
        .selectAll()
        .where("id", ">", after(index))
        .orderBy("id")
        .limit(100)
        .execute(),
    knex: (index) =>
      toPromise(knex("posts").select("*").where("id", ">", after(index)).orderBy("id").limit(100)),
    "drizzle, prepared": (index) => drizzlePrepared.all({ id: after(index) }),
    drizzle: (index) =>
      drizzle
        .select()
        .from(posts)
        .where(gt(posts.id, after(index)))
        .orderBy(posts.id)
        .limit(100)
        .all(),
  });
  return toResult("node:sqlite: 100 rows", comparison, [
    atLeast("prepared, against raw", 0.85, comparison.speed("@miqro/query, prepared", "raw")),
  ]);
}

/** One connection each, so that the builder is what differs; a pool would hide it behind the server. */
async function overPostgres(url: string): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("DROP TABLE IF EXISTS bench_posts");
  await client.query(
    "CREATE TABLE bench_posts (id SERIAL PRIMARY KEY, title TEXT NOT NULL, body TEXT NOT NULL, likes INTEGER NOT NULL)",
  );
  await client.query(
    "INSERT INTO bench_posts (title, body, likes) SELECT 'title ' || i, 'body ' || i, i % 7 FROM generate_series(1, 1000) AS i",
  );
  const own = new Database({ dialect: "pg", url, pool: { max: 1 } });
  await own.connect();
  const prepared = own.from("bench_posts").eq("id", own.param("id")).prepare();
  const peerKysely = new Kysely<{ bench_posts: Omit<Tables["posts"], "authorId"> }>({
    dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url, max: 1 }) }),
  });
  const peerKnex = createKnex({ client: "pg", connection: url, pool: { min: 1, max: 1 } });
  const peerDrizzle = createPgDrizzle(client);
  const drizzlePrepared = peerDrizzle
    .select()
    .from(pgPosts)
    .where(eq(pgPosts.id, sql.placeholder("id")))
    .prepare("by_id");
  const text = "SELECT * FROM bench_posts WHERE id = $1";
  const comparison = await compareAwaited(
    {
      "pg, prepared": (index) => client.query({ name: "raw", text, values: [idOf(index)] }),
      "@miqro/query, prepared": (index) => prepared.yield({ id: idOf(index) }),
      "@miqro/query": (index) => own.from("bench_posts").eq("id", idOf(index)).yield(),
      kysely: (index) =>
        peerKysely.selectFrom("bench_posts").selectAll().where("id", "=", idOf(index)).execute(),
      knex: (index) => toPromise(peerKnex("bench_posts").select("*").where("id", idOf(index))),
      "drizzle, prepared": (index) => drizzlePrepared.execute({ id: idOf(index) }),
      drizzle: (index) =>
        toPromise(
          peerDrizzle
            .select()
            .from(pgPosts)
            .where(eq(pgPosts.id, idOf(index))),
        ),
    },
    { slices: 60, sliceTime: 25 },
  );
  await client.query("DROP TABLE bench_posts");
  await Promise.all([client.end(), own.disconnect(), peerKysely.destroy(), peerKnex.destroy()]);
  const best = comparison.fastest(["kysely", "knex", "drizzle"]);
  return toResult("PostgreSQL: a row by its key", comparison, [
    atLeast(
      "prepared, against drizzle's",
      1,
      comparison.speed("@miqro/query, prepared", "drizzle, prepared"),
    ),
    atLeast(`built each time, against ${best}, the fastest peer`, 1, comparison.speed("@miqro/query", best)),
  ]);
}

/** A process for each, so that one does not grow what another measures. */
function iterating(url: string): Result {
  const script = fileURLToPath(new URL("query/iterate.ts", import.meta.url));
  const measured = ["node:sqlite", "pg", "bare", "sqlite3"].map((name) => {
    const output = execFileSync(process.execPath, ["--expose-gc", script, name], {
      env: { ...process.env, DATABASE_URL: url },
      encoding: "utf8",
    });
    return { name, ...(JSON.parse(output) as { grown: number; seconds: number; held: number }) };
  });
  return {
    title: "iterate() over a million rows",
    note: "`bare` is a cursor read with pg alone. What a process grows by includes garbage that V8 has no reason to collect yet.",
    columns: ["", "grown by (MB)", "heap in use after (MB)", "seconds"],
    rows: measured.map(({ name, grown, held, seconds }) => [
      name,
      grown.toFixed(1),
      held.toFixed(1),
      seconds.toFixed(1),
    ]),
    targets: measured
      .filter(({ name }) => name !== "bare")
      .map(({ name, grown }) => atMost(`${name} grows by`, 50, grown, " MB")),
  };
}

function toResult(title: string, comparison: Comparison, targets: readonly Target[]): Result {
  const [baseline = ""] = comparison.names;
  return {
    title,
    note: `${comparison.slices} slices each, interleaved; the ratio is to ${baseline}.`,
    columns: ["", "time (µs)", "ratio"],
    rows: comparison.names.map((name) => [
      name,
      (comparison.time(name) / 1000).toFixed(2),
      comparison.speed(name, baseline).toFixed(3),
    ]),
    targets,
  };
}
