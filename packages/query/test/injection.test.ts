import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Database } from "@miqro/query";
import fc from "fast-check";
import { connect, createPosts, withoutSqlite } from "./support/sqlite.js";

const hostile = [
  "posts`; DROP TABLE posts; --",
  'x" OR 1=1 --',
  "' OR '1'='1",
  "`",
  "``",
  "a`b",
  "--",
  "/* */",
  "]",
  "?",
  "$1",
  "\\",
];

describe("names and values from outside", { skip: withoutSqlite }, () => {
  it("are no more than names that the database does not know", async (context) => {
    const db = await connect(context);
    await createPosts(db);
    for (const name of hostile) {
      const refusal = { code: "QUERY_STATEMENT_FAILED", message: /no such (table|column)|has no column/ };
      await assert.rejects(db.select().from(name).yield(), refusal);
      await assert.rejects(db.select(name).from("posts").yield(), refusal);
      await assert.rejects(db.select().from("posts").eq(name, 1).yield(), refusal);
      await assert.rejects(db.select().from("posts").order(name).yield(), refusal);
      await assert.rejects(
        db
          .insert("posts")
          .values({ [name]: 1 })
          .yield(),
        refusal,
      );
      await assert.rejects(
        db
          .update("posts")
          .set({ [name]: 1 })
          .all()
          .yield(),
        refusal,
      );
      await assert.rejects(db.delete(name).all().yield(), refusal);
    }
    assert.equal((await db.select().from("posts").yield()).length, 2);
  });

  it("can name a table and its columns, whatever they hold", async (context) => {
    const db = await connect(context);
    for (const name of hostile) {
      await db.createTable(name, { [name]: { type: "text", default: name } }).yield();
      await db.insert(name).values({}).yield();
      assert.deepEqual(await db.select(name).from(name).eq(name, name).yield(), [{ [name]: name }]);
      await db.dropTable(name).yield();
    }
  });

  it("come back as they were", async (context) => {
    const db = await connect(context);
    await createPosts(db);
    const text = fc.string({ unit: "grapheme" });
    await fc.assert(
      fc.asyncProperty(text, async (title) => {
        const inserted = await db.insert("posts").values({ title }).returning("id", "title").first();
        assert.equal(inserted?.title, title);
        assert.deepEqual(
          await db.query("SELECT id FROM posts WHERE id = ? AND title = ?", [inserted?.id, title]),
          [{ id: inserted?.id }],
        );
      }),
      { numRuns: 200, examples: hostile.map((title) => [title]) },
    );
  });

  it("cannot change what a row inherits", async (context) => {
    const db = await connect(context);
    const [row] = await db.query(`SELECT '{"x":1}' AS "__proto__", 1 AS a`);
    assert.equal(row?.a, 1);
    assert.equal(Object.getPrototypeOf(row), null);
    assert.deepEqual(Object.keys(row ?? {}), ["__proto__", "a"]);
  });
});

describe("a name that cannot be one", () => {
  it("is refused before it reaches the database", () => {
    const db = new Database({ storage: ":memory:" });
    for (const name of ["", 5, null, undefined, {}, ["posts"]]) {
      assert.throws(() => db.select().from(name as string), { code: "QUERY_INVALID_ARGUMENT" });
      assert.throws(() => db.select(name as string), { code: "QUERY_INVALID_ARGUMENT" });
    }
    assert.throws(() => db.select("a\0b").from("t").toSQL(), /NUL/);
    assert.throws(() => db.select("a..b").from("t").toSQL(), /not empty/);
  });
});
