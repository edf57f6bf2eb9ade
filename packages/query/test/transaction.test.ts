import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Database, QueryScope, Transaction } from "@miqro/query";
import { createSignal } from "./support/signal.js";
import { connect, connectFile, createPosts, withoutSqlite } from "./support/sqlite.js";

async function titles(db: QueryScope): Promise<string[]> {
  return (await db.select("title").from("posts").order("id").yield()).map((row) => row.title);
}

function add(db: QueryScope, title: string): Promise<unknown> {
  return db.insert("posts").values({ title }).yield();
}

describe("transaction", { skip: withoutSqlite }, () => {
  for (const [place, open] of [
    ["memory", connect],
    ["a file", connectFile],
  ] as const) {
    it(`commits when its callback resolves and rolls back when it throws, in ${place}`, async (context) => {
      const db: Database = await open(context);
      await createPosts(db);
      const result = await db.transaction(async (tx) => {
        await add(tx, "third");
        return titles(tx);
      });
      assert.deepEqual(result, ["first", "second", "third"]);
      await assert.rejects(
        db.transaction(async (tx) => {
          await tx.delete("posts").all().yield();
          await tx.createTable("other", { a: { type: "text" } }).yield();
          throw new Error("on purpose");
        }),
        /on purpose/,
      );
      assert.deepEqual(await titles(db), ["first", "second", "third"]);
      await assert.rejects(db.select().from("other").yield(), /no such table/);
    });
  }

  it("undoes only the inner part when a nested one throws", async (context) => {
    const db = await connect(context);
    await createPosts(db);
    await db.transaction(async (tx) => {
      await add(tx, "outer");
      await assert.rejects(
        tx.transaction(async (inner) => {
          await add(inner, "inner");
          await inner.transaction((third) => add(third, "innermost"));
          throw new Error("on purpose");
        }),
      );
      await tx.transaction((inner) => add(inner, "kept"));
    });
    assert.deepEqual(await titles(db), ["first", "second", "outer", "kept"]);
  });

  it("keeps statements of its tx out of a nested one that may be undone", async (context) => {
    const db = await connect(context);
    await createPosts(db);
    await db.transaction(async (tx) => {
      const fail = createSignal();
      const nested = tx.transaction(async (inner) => {
        await add(inner, "undone");
        await fail.given;
        throw new Error("on purpose");
      });
      const outer = add(tx, "acknowledged");
      fail.give();
      await assert.rejects(nested);
      await outer;
    });
    assert.deepEqual(await titles(db), ["first", "second", "acknowledged"]);
  });

  it("refuses the object that began it inside its callback, and takes it again afterwards", async (context) => {
    const db = await connect(context, { lockTimeout: 60_000 });
    await createPosts(db);
    const misuse = { code: "QUERY_TRANSACTION_MISUSE", message: /send every statement with tx;/ };
    await db.transaction(async (tx) => {
      await assert.rejects(titles(db), misuse);
      await assert.rejects(add(db, "x"), misuse);
      await assert.rejects(db.query("SELECT 1"), misuse);
      await assert.rejects(db.queryIterator("SELECT 1").next(), misuse);
      await assert.rejects(
        db.transaction(async () => {}),
        misuse,
      );
      await assert.rejects(db.disconnect(), misuse);
      await tx.transaction(async () => {
        await assert.rejects(titles(tx), misuse);
        await assert.rejects(titles(db), misuse);
      });
    });
    assert.deepEqual(await titles(db), ["first", "second"]);
  });

  it("refuses a tx whose transaction has ended", async (context) => {
    const db = await connect(context);
    await createPosts(db);
    let kept: Transaction | undefined;
    await db.transaction(async (tx) => {
      kept = tx;
    });
    await assert.rejects(titles(kept as Transaction), {
      code: "QUERY_TRANSACTION_MISUSE",
      message: /has ended/,
    });
  });

  it("commits nothing after the database has rolled back by itself", async (context) => {
    const db = await connect(context);
    await createPosts(db);
    await db.query(
      "CREATE TRIGGER no BEFORE INSERT ON posts WHEN NEW.title = 'bad' BEGIN SELECT RAISE(ROLLBACK, 'no'); END",
    );
    await assert.rejects(
      db.transaction(async (tx) => {
        await add(tx, "before");
        await assert.rejects(add(tx, "bad"), { code: "QUERY_CONSTRAINT_FAILED" });
        await assert.rejects(add(tx, "after"), { code: "QUERY_TRANSACTION_LOST" });
      }),
      { code: "QUERY_TRANSACTION_LOST" },
    );
    assert.deepEqual(await titles(db), ["first", "second"]);
    await add(db, "later");
  });

  it("rolls back what fails only at the commit", async (context) => {
    const db = await connect(context);
    await db.query("CREATE TABLE parent (id INTEGER PRIMARY KEY)");
    await db.query("CREATE TABLE child (p INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)");
    await assert.rejects(
      db.transaction((tx) => tx.insert("child").values({ p: 1 }).yield()),
      { code: "QUERY_CONSTRAINT_FAILED" },
    );
    assert.deepEqual(await db.select().from("child").yield(), []);
    await db.insert("parent").values({ id: 1 }).yield();
  });

  it("gives rows one by one while it writes", async (context) => {
    const db = await connect(context);
    await createPosts(db);
    await db.transaction(async (tx) => {
      for await (const { id } of tx.queryIterator("SELECT id FROM posts")) {
        await tx
          .update("posts")
          .set({ title: `number ${id}` })
          .eq("id", id)
          .yield();
      }
    });
    assert.deepEqual(await titles(db), ["number 1", "number 2"]);
  });

  it("closes loops that were left open", async (context) => {
    const db = await connect(context);
    await createPosts(db);
    let loop: AsyncIterableIterator<unknown> | undefined;
    await db.transaction(async (tx) => {
      loop = tx.queryIterator("SELECT id FROM posts");
      await loop.next();
    });
    await db.dropTable("posts").yield();
    await loop?.return?.();
  });
});
