import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Parameter } from "@miqro/query";
import { connect, connectFile, createPosts, withoutSqlite } from "./support/sqlite.js";

describe("query", { skip: withoutSqlite }, () => {
  it("fills ? in order and $1 by number", async (context) => {
    const db = await connect(context);
    assert.deepEqual(await db.query("SELECT ? AS a, ? AS b", [1, "x"]), [{ a: 1, b: "x" }]);
    assert.deepEqual(await db.query("SELECT $2 AS a, $1 AS b, $2 AS c", [1, 2]), [{ a: 2, b: 1, c: 2 }]);
  });

  it("leaves placeholders alone in literals, names and comments", async (context) => {
    const db = await connect(context);
    const sql = `SELECT '?''$1' AS a, 1 AS "?", 2 AS \`$2\`, 3 AS [:x], ? AS b -- ? ; $1
      /* ? ; :name */`;
    assert.deepEqual(await db.query(sql, [5]), [{ a: "?'$1", "?": 1, $2: 2, ":x": 3, b: 5 }]);
  });

  it("refuses parameters that do not fit the text", async (context) => {
    const db = await connect(context);
    const refused = (sql: string, params: unknown, message: RegExp) =>
      assert.rejects(db.query(sql, params as Parameter[]), { code: "QUERY_INVALID_ARGUMENT", message });
    await refused("SELECT ?", [], /1 parameter\(s\), but 0/);
    await refused("SELECT ?", [1, 2], /1 parameter\(s\), but 2/);
    await refused("SELECT $2", [1], /2 parameter\(s\), but 1/);
    await refused("SELECT ?, $1", [1], /mixes/);
    await refused("SELECT :name", [1], /:name/);
    await refused("SELECT ?", [undefined], /Parameter 1 of query\(\) is undefined/);
    await refused("SELECT ?", [{ a: 1 }], /an object/);
    await refused("SELECT ?", "x", /array/);
    await refused(undefined as unknown as string, [], /SQL text/);
  });

  it("refuses several statements, none, and those of transactions", async (context) => {
    const db = await connect(context);
    await assert.rejects(db.query("SELECT 1; DROP TABLE posts"), /one statement, but its SQL has 2/);
    await assert.rejects(db.query("-- nothing"), /has 0/);
    assert.deepEqual(await db.query("SELECT 1 AS a; -- done"), [{ a: 1 }]);
    for (const sql of ["BEGIN", " /* x */ commit", "Rollback", "SAVEPOINT a", "END"]) {
      await assert.rejects(db.query(sql), { code: "QUERY_TRANSACTION_MISUSE", message: /transaction\(/ });
    }
  });

  it("takes a trigger with its body as one statement", async (context) => {
    const db = await connect(context);
    await createPosts(db);
    await db.query(
      "CREATE TRIGGER t AFTER DELETE ON posts BEGIN UPDATE posts SET title = 'a;b'; DELETE FROM posts WHERE id = 0; END;",
    );
    await db.delete("posts").eq("id", 1).yield();
    assert.deepEqual(await db.select("title").from("posts").yield(), [{ title: "a;b" }]);
  });

  it("sends what looks like a read but writes to the connection that can", async (context) => {
    const db = await connectFile(context);
    await createPosts(db);
    const rows = await db.query(
      "WITH x AS (SELECT 'third' AS t) INSERT INTO posts (title) SELECT t FROM x RETURNING id",
    );
    assert.deepEqual(rows, [{ id: 3 }]);
    assert.equal((await db.query("SELECT * FROM posts")).length, 3);
  });
});

describe("queryIterator", { skip: withoutSqlite }, () => {
  for (const [place, open] of [
    ["memory", connect],
    ["a file", connectFile],
  ] as const) {
    it(`gives every row of a database in ${place}, while others are written`, async (context) => {
      const db = await open(context);
      await createPosts(db);
      await db.query(
        "WITH RECURSIVE n(i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) INSERT INTO posts (id) SELECT i FROM n",
      );
      let sum = 0;
      for await (const row of db.queryIterator<{ id: number }>(
        "SELECT id FROM posts WHERE id > ? ORDER BY id",
        [0],
      )) {
        sum += row.id;
        if (row.id % 250 === 0) await db.update("posts").set({ title: "seen" }).eq("id", row.id).yield();
      }
      assert.equal(sum, 500_500);
      assert.equal((await db.select().from("posts").eq("title", "seen").yield()).length, 4);
    });
  }

  it("can be left early, and reads of others see what is written meanwhile", async (context) => {
    const db = await connectFile(context);
    await createPosts(db);
    for await (const row of db.select("id").from("posts").iterate()) {
      assert.ok(row.id > 0);
      await db.insert("posts").values({ title: "new" }).yield();
      assert.equal((await db.select().from("posts").yield()).length, 3);
      break;
    }
    await db.dropTable("posts").yield();
  });

  it("runs a write to its end", async (context) => {
    const db = await connectFile(context);
    await createPosts(db);
    for await (const _ of db.queryIterator(
      "WITH x AS (SELECT 1) INSERT INTO posts (title) VALUES ('a'), ('b') RETURNING id",
    ))
      break;
    assert.equal((await db.select().from("posts").yield()).length, 4);
  });
});
