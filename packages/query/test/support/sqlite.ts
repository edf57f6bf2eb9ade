import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { Database, type DatabaseOptions } from "@miqro/query";

const module = process.getBuiltinModule("node:sqlite");

/** The option of a suite that needs SQLite: false, or the reason to skip it. */
export const withoutSqlite: string | false =
  module === undefined ? `node:sqlite needs Node.js 22.13, this is ${process.version}` : false;

/** A connected database that is disconnected when the test ends; in memory unless told. */
export async function connect(context: TestContext, options: DatabaseOptions = {}): Promise<Database> {
  const db = new Database({ storage: ":memory:", ...options });
  await db.connect();
  context.after(() => db.disconnect());
  return db;
}

/** A folder that is gone when the test ends. */
export async function createFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "miqro-query-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A database in a file of its own. */
export async function connectFile(context: TestContext, options: DatabaseOptions = {}): Promise<Database> {
  const storage = join(await createFolder(context), "data.sqlite3");
  return connect(context, { storage, ...options });
}

/** A table of two rows. */
export async function createPosts(db: Database): Promise<void> {
  await db
    .createTable("posts", {
      id: { type: "integer", primaryKey: true, autoIncrement: true },
      title: { type: "string" },
      published: { type: "boolean" },
    })
    .yield();
  await db
    .insert("posts")
    .values([
      { title: "first", published: true },
      { title: "second", published: false },
    ])
    .yield();
}
