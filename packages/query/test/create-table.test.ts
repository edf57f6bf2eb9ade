import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ColumnOptions, Database } from "@miqro/query";
import { connect, withoutSqlite } from "./support/sqlite.js";

const db = new Database({ storage: ":memory:" });

describe("createTable", () => {
  it("writes types, keys, defaults and references", () => {
    const { sql, params } = db
      .createTable("posts", {
        id: { type: "integer", primaryKey: true, autoIncrement: true },
        title: { type: "string", notNull: true, default: "it's" },
        meta: { type: "json", default: { tags: [] } },
        seen: { type: "boolean", default: false },
        at: { type: "datetime", default: db.raw("CURRENT_TIMESTAMP") },
        authorId: { type: "uuid", references: { table: "users", column: "id", onDelete: "CASCADE" } },
      })
      .toSQL();
    assert.equal(
      sql,
      "CREATE TABLE `posts` (`id` INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, `title` TEXT NOT NULL DEFAULT 'it''s', " +
        "`meta` JSON TEXT DEFAULT '{\"tags\":[]}', `seen` BOOLEAN DEFAULT 0, `at` DATETIME DEFAULT (CURRENT_TIMESTAMP), " +
        "`authorId` UUID TEXT REFERENCES `users` (`id`) ON DELETE CASCADE)",
    );
    assert.deepEqual(params, []);
  });

  it("makes one key of several key columns", () => {
    const { sql } = db
      .createTable("tags", { a: { type: "text", primaryKey: true }, b: { type: "text", primaryKey: true } })
      .toSQL();
    assert.equal(sql, "CREATE TABLE `tags` (`a` TEXT NOT NULL, `b` TEXT NOT NULL, PRIMARY KEY (`a`, `b`))");
  });

  it("refuses what it does not know", () => {
    const create = (options: unknown) => db.createTable("t", { a: options as ColumnOptions });
    assert.throws(() => create({ type: "varchar" }), /one of integer, bigint/);
    assert.throws(() => create({ type: "text", primarykey: true }), /unknown option "primarykey"/);
    assert.throws(() => create({ type: "text", notNull: "yes" }), /true or false/);
    assert.throws(() => create({ type: "text", primaryKey: true, autoIncrement: true }), /autoIncrement/);
    assert.throws(() => create({ type: "text", default: {} }), /an object/);
    assert.throws(
      () => create({ type: "text", references: { table: "u", column: "id", onDelete: "x" } }),
      /CASCADE/,
    );
    assert.throws(() => create({ type: "integer", default: db.raw("?", 1) }).toSQL(), /parameters/);
    assert.throws(() => db.createTable("t", {}), /at least one column/);
  });
});

describe("createTable and dropTable", { skip: withoutSqlite }, () => {
  it("make and remove tables, with the defaults as values of their types", async (context) => {
    const db = await connect(context);
    await db
      .createTable("posts", {
        id: { type: "integer", primaryKey: true, autoIncrement: true },
        text: { type: "text", default: "it's `quoted`" },
        meta: { type: "json", default: { tags: ["a"] } },
        seen: { type: "boolean", default: true },
        at: { type: "datetime", default: new Date(0) },
        raw: { type: "blob", default: Buffer.from("x") },
        number: { type: "integer", default: -5 },
      })
      .yield();
    assert.deepEqual(await db.insert("posts").values({}).returning().yield(), [
      {
        id: 1,
        text: "it's `quoted`",
        meta: { tags: ["a"] },
        seen: true,
        at: new Date(0),
        raw: Buffer.from("x"),
        number: -5,
      },
    ]);
    await assert.rejects(db.createTable("posts", { id: { type: "integer" } }).yield(), /already exists/);
    await db.createTable("posts", { id: { type: "integer" } }, { ifNotExists: true }).yield();
    await db.dropTable("posts").yield();
    await assert.rejects(db.dropTable("posts").yield(), /no such table/);
    await db.dropTable("posts", { ifExists: true }).yield();
  });

  it("hold references, as foreign_keys is on", async (context) => {
    const db = await connect(context);
    await db.createTable("users", { id: { type: "integer", primaryKey: true } }).yield();
    await db
      .createTable("posts", {
        authorId: { type: "integer", references: { table: "users", column: "id", onDelete: "CASCADE" } },
      })
      .yield();
    await assert.rejects(db.insert("posts").values({ authorId: 1 }).yield(), {
      code: "QUERY_CONSTRAINT_FAILED",
    });
    await db.insert("users").values({ id: 1 }).yield();
    await db.insert("posts").values({ authorId: 1 }).yield();
    await db.delete("users").eq("id", 1).yield();
    assert.deepEqual(await db.select().from("posts").yield(), []);
  });

  it("are seen at once by statements that were prepared before", async (context) => {
    const db = await connect(context);
    await db.createTable("t", { a: { type: "boolean" } }).yield();
    await db.insert("t").values({ a: true }).yield();
    const select = db.select().from("t");
    assert.deepEqual(await select.yield(), [{ a: true }]);
    await db.query("ALTER TABLE t ADD COLUMN b boolean DEFAULT 1");
    assert.deepEqual(await select.yield(), [{ a: true, b: true }]);
    await db.dropTable("t").yield();
    await db.createTable("t", { a: { type: "text" }, b: { type: "integer" } }).yield();
    await db.insert("t").values({ a: "1", b: 1 }).yield();
    assert.deepEqual(await select.yield(), [{ a: "1", b: 1 }]);
  });
});
