import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Database } from "@miqro/query";
import { connect, createPosts, withoutSqlite } from "./support/sqlite.js";

const db = new Database({ storage: ":memory:" });

describe("insert", () => {
  it("writes one tuple per row", () => {
    assert.deepEqual(
      db
        .insert("posts")
        .values([
          { a: 1, b: null },
          { b: true, a: 2 },
        ])
        .returning("id")
        .toSQL(),
      {
        sql: "INSERT INTO `posts` (`a`, `b`) VALUES (?, ?), (?, ?) RETURNING `id`",
        params: [1, null, 2, true],
      },
    );
  });

  it("leaves undefined values to the defaults of their columns", () => {
    assert.equal(
      db.insert("posts").values({ a: 1, b: undefined }).toSQL().sql,
      "INSERT INTO `posts` (`a`) VALUES (?)",
    );
    assert.equal(db.insert("posts").values({}).toSQL().sql, "INSERT INTO `posts` DEFAULT VALUES");
  });

  it("takes raw SQL for a value", () => {
    const { sql, params } = db
      .insert("posts")
      .values({ a: db.raw("lower(?)", "X"), b: 2 })
      .toSQL();
    assert.equal(sql, "INSERT INTO `posts` (`a`, `b`) VALUES (lower(?), ?)");
    assert.deepEqual(params, ["X", 2]);
  });

  it("refuses no rows, rows that differ, and what is no row or no value", () => {
    const insert = db.insert("posts");
    assert.throws(() => insert.toSQL(), /\.values\(/);
    assert.throws(() => insert.values([]), /no rows/);
    assert.throws(() => insert.values([{ a: 1 }, { a: 1, b: 2 }]), /Row 2 .* "b"/);
    assert.throws(() => insert.values([{ a: 1, b: 2 }, { a: 1 }]), /Row 2 .* "b"/);
    assert.throws(() => insert.values("abc" as never), /plain object/);
    assert.throws(() => insert.values(new Date() as never), /plain object/);
    assert.throws(() => insert.values({ a: { toString: () => "x" } }), /"a" is an object/);
    assert.throws(() => insert.values({ a: ["x"] }), /"a" is an array/);
    assert.throws(() => insert.values({ a: () => 1 }), /"a" is a function/);
    assert.throws(() => insert.values({ a: 2n ** 63n }), /64 bits/);
  });
});

describe("update and delete", () => {
  it("write their conditions and what they give back", () => {
    assert.deepEqual(
      db.update("posts").set({ a: 1, b: undefined }).eq("id", 2).returning("id", "a").toSQL(),
      {
        sql: "UPDATE `posts` SET `a` = ? WHERE `id` = ? RETURNING `id`, `a`",
        params: [1, 2],
      },
    );
    assert.deepEqual(db.deleteFrom("posts").in("id", [1, 2]).returning().toSQL(), {
      sql: "DELETE FROM `posts` WHERE `id` IN (?, ?) RETURNING *",
      params: [1, 2],
    });
  });

  it("refuse to touch every row unless all() says so", async () => {
    const refusal = { code: "QUERY_MISSING_CONDITION", message: /\.all\(\)/ };
    assert.throws(() => db.update("posts").set({ a: 1 }).toSQL(), refusal);
    assert.throws(() => db.delete("posts").toSQL(), refusal);
    await assert.rejects(db.delete("posts").yield(), refusal);
    assert.equal(db.update("posts").set({ a: 1 }).all().toSQL().sql, "UPDATE `posts` SET `a` = ?");
    assert.equal(db.delete("posts").all().toSQL().sql, "DELETE FROM `posts`");
  });

  it("refuse an update without values", () => {
    assert.throws(() => db.update("posts").eq("id", 1).toSQL(), /\.set\(/);
    assert.throws(() => db.update("posts").set({ a: undefined }).eq("id", 1).toSQL(), /\.set\(/);
  });
});

describe("insert, update and delete", { skip: withoutSqlite }, () => {
  it("resolve to the returned rows, or to none", async (context) => {
    const db = await connect(context);
    await createPosts(db);
    const insert = db.insert("posts").values({ title: "third", published: true });
    assert.deepEqual(await insert.returning("id", "published").yield(), [{ id: 3, published: true }]);
    assert.deepEqual(await insert.yield(), []);
    assert.deepEqual(await db.update("posts").set({ title: "new" }).eq("id", 1).returning("title").yield(), [
      { title: "new" },
    ]);
    assert.equal(await db.update("posts").set({ title: "x" }).gt("id", 1).affected(), 3);
    assert.equal(await db.delete("posts").eq("title", "x").affected(), 3);
    assert.deepEqual(await db.select("id").from("posts").yield(), [{ id: 1 }]);
  });

  it("store a whole number as written in a text column", async (context) => {
    const db = await connect(context);
    await createPosts(db);
    await db.insert("posts").values({ title: 5 }).yield();
    assert.deepEqual(await db.select("title").from("posts").eq("title", "5").yield(), [{ title: "5" }]);
  });

  it("reject what breaks a constraint with a code of its own", async (context) => {
    const db = await connect(context);
    await db
      .createTable("users", {
        id: { type: "integer", primaryKey: true },
        mail: { type: "text", unique: true },
      })
      .yield();
    await db.insert("users").values({ id: 1, mail: "a@b" }).yield();
    await assert.rejects(db.insert("users").values({ id: 2, mail: "a@b" }).yield(), {
      name: "StatementError",
      code: "QUERY_CONSTRAINT_FAILED",
    });
  });
});
