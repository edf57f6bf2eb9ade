import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Database } from "@miqro/query";
import { hear, start } from "./support/child.js";
import { createSignal } from "./support/signal.js";
import { connect, connectFile, createPosts, withoutSqlite } from "./support/sqlite.js";

/** A transaction that stays open until it is told to end. */
async function hold(db: Database): Promise<() => Promise<void>> {
  const began = createSignal();
  const end = createSignal();
  const transaction = db.transaction(async (tx) => {
    await tx.insert("posts").values({ title: "held" }).yield();
    began.give();
    await end.given;
  });
  await began.given;
  return () => {
    end.give();
    return transaction;
  };
}

describe("a database in a file", { skip: withoutSqlite }, () => {
  it("reads during a transaction, and sees it only once it is committed", async (context) => {
    const db = await connectFile(context);
    await createPosts(db);
    const end = await hold(db);
    assert.equal((await db.select().from("posts").yield()).length, 2);
    await end();
    assert.equal((await db.select().from("posts").yield()).length, 3);
  });

  it("does writes after the transaction, in the order in which they came", async (context) => {
    const db = await connectFile(context);
    await createPosts(db);
    const end = await hold(db);
    const order: string[] = [];
    const writes = ["a", "b", "c"].map(async (title) => {
      await db.insert("posts").values({ title }).yield();
      order.push(title);
    });
    const second = db.transaction(async () => order.push("transaction"));
    const last = db
      .insert("posts")
      .values({ title: "d" })
      .yield()
      .then(() => order.push("d"));
    assert.deepEqual(order, []);
    await end();
    await Promise.all([...writes, second, last]);
    assert.deepEqual(order, ["a", "b", "c", "transaction", "d"]);
    const rows = await db.select("title").from("posts").gt("id", 2).order("id").yield();
    assert.deepEqual(
      rows.map((row) => row.title),
      ["held", "a", "b", "c", "d"],
    );
  });

  it("gives a write up after lockTimeout, and does it never", async (context) => {
    const db = await connectFile(context, { lockTimeout: 20 });
    await createPosts(db);
    const end = await hold(db);
    const timeout = { code: "QUERY_LOCK_TIMEOUT", message: /20 ms/ };
    await assert.rejects(db.insert("posts").values({ title: "late" }).yield(), timeout);
    await assert.rejects(
      db.transaction(async () => {}),
      timeout,
    );
    await end();
    assert.deepEqual(await db.select().from("posts").eq("title", "late").yield(), []);
    await db.insert("posts").values({ title: "in time" }).yield();
  });

  it("waits for another process without stopping this one", async (context) => {
    const db = await connectFile(context);
    await createPosts(db);
    const child = start(context, "hold-lock", db.name);
    assert.equal(await hear(child), "holding");
    let written = false;
    const write = db
      .insert("posts")
      .values({ title: "waited" })
      .yield()
      .then(() => {
        written = true;
      });
    // Reads and timers go on; the write would have had the time for many attempts.
    for (let turn = 0; turn < 20; turn++) {
      assert.equal((await db.select().from("posts").yield()).length, 2);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    assert.equal(written, false);
    child.send("let go");
    await write;
    const rows = await db.select("title").from("posts").gt("id", 2).order("id").yield();
    assert.deepEqual(
      rows.map((row) => row.title),
      ["from outside", "waited"],
    );
  });

  it("says that another process holds the lock when it waited for too long", async (context) => {
    const db = await connectFile(context, { lockTimeout: 30 });
    await createPosts(db);
    const child = start(context, "hold-lock", db.name);
    assert.equal(await hear(child), "holding");
    await assert.rejects(db.delete("posts").all().yield(), {
      code: "QUERY_LOCK_TIMEOUT",
      message: /another process/,
    });
    await assert.rejects(
      db.transaction(async () => {}),
      { code: "QUERY_LOCK_TIMEOUT" },
    );
    assert.equal((await db.select().from("posts").yield()).length, 2);
  });

  it("keeps nothing of a process that is killed in a transaction", async (context) => {
    const db = await connectFile(context);
    await createPosts(db);
    const child = start(context, "hold-lock", db.name);
    assert.equal(await hear(child), "holding");
    child.kill("SIGKILL");
    await db.insert("posts").values({ title: "after" }).yield();
    const rows = await db.select("title").from("posts").gt("id", 2).yield();
    assert.deepEqual(rows, [{ title: "after" }]);
  });
});

describe("a database in memory", { skip: withoutSqlite }, () => {
  it("queues reads behind a transaction as well", async (context) => {
    const db = await connect(context);
    await createPosts(db);
    const end = await hold(db);
    const read = db.select().from("posts").yield();
    await end();
    assert.equal((await read).length, 3);
  });
});

describe("disconnect", { skip: withoutSqlite }, () => {
  it("lets what was sent finish and refuses what comes later", async (context) => {
    const db = await connectFile(context);
    await createPosts(db);
    const end = await hold(db);
    const write = db.insert("posts").values({ title: "sent" }).yield();
    const disconnected = db.disconnect();
    await assert.rejects(db.query("SELECT 1"), { code: "QUERY_NOT_CONNECTED" });
    await end();
    await write;
    await disconnected;
    assert.equal(db.status, "disconnected");
    await db.connect();
    assert.equal((await db.select().from("posts").yield()).length, 4);
  });

  it("rolls a transaction back that does not end", async (context) => {
    const db = await connectFile(context, { lockTimeout: 10 });
    await createPosts(db);
    const end = await hold(db);
    await db.disconnect();
    await assert.rejects(end());
    await db.connect();
    assert.equal((await db.select().from("posts").yield()).length, 2);
  });
});
