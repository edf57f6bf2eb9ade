import assert from "node:assert/strict";
import { it, type TestContext } from "node:test";
import type { Database, DialectName } from "@miqro/query";
import { connectTo, describeEach } from "./support/dialects.js";
import { createSignal } from "./support/signal.js";

async function connectAccounts(context: TestContext, dialect: DialectName, options = {}): Promise<Database> {
  const db = await connectTo(context, dialect, options);
  await db
    .createTable("accounts", {
      id: { type: "integer", primaryKey: true },
      balance: { type: "integer", notNull: true, check: db.raw("balance >= 0") },
    })
    .yield();
  await db
    .insert("accounts")
    .values([
      { id: 1, balance: 100 },
      { id: 2, balance: 100 },
    ])
    .yield();
  return db;
}

const balances = async (db: Pick<Database, "select">) =>
  (await db.select("balance").from("accounts").order("id").yield()).map((row) => row.balance);

describeEach("transaction", (dialect) => {
  it("commits what its callback did", async (context) => {
    const db = await connectAccounts(context, dialect);
    const result = await db.transaction(async (tx) => {
      await tx.update("accounts").set({ balance: 60 }).eq("id", 1).yield();
      await tx.update("accounts").set({ balance: 140 }).eq("id", 2).yield();
      return "moved";
    });
    assert.equal(result, "moved");
    assert.deepEqual(await balances(db), [60, 140]);
  });

  it("undoes everything when the callback throws after an await", async (context) => {
    const db = await connectAccounts(context, dialect);
    const failure = new Error("no");
    await assert.rejects(
      db.transaction(async (tx) => {
        await tx.update("accounts").set({ balance: 0 }).all().yield();
        await new Promise((resolve) => setImmediate(resolve));
        throw failure;
      }),
      (error) => error === failure,
    );
    assert.deepEqual(await balances(db), [100, 100]);
  });

  it("shows nothing to others before it ends, and takes nothing of theirs in", async (context) => {
    const db = await connectAccounts(context, dialect);
    const wrote = createSignal();
    const seen = createSignal();
    const transaction = db.transaction(async (tx) => {
      await tx.update("accounts").set({ balance: 1 }).eq("id", 1).yield();
      wrote.give();
      await seen.given;
      throw new Error("undone");
    });
    await wrote.given;
    assert.deepEqual(await balances(db), [100, 100]);
    // A request of its own: on SQLite it waits for its turn, on PostgreSQL it has a connection of its own.
    const foreign = db.update("accounts").set({ balance: 7 }).eq("id", 2).yield();
    if (dialect === "pg") await foreign;
    seen.give();
    await assert.rejects(transaction, /undone/);
    await foreign;
    assert.deepEqual(await balances(db), [100, 7]);
  });

  it("loses nothing when many run at once", async (context) => {
    const db = await connectAccounts(context, dialect);
    const forUpdate = dialect === "pg";
    await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        db
          .transaction(async (tx) => {
            const select = tx.select("balance").from("accounts").eq("id", 1);
            const balance = await (forUpdate ? select.forUpdate() : select).value();
            await new Promise((resolve) => setImmediate(resolve));
            await tx
              .update("accounts")
              .set({ balance: balance + 1 })
              .eq("id", 1)
              .yield();
            if (index % 4 === 0) throw new Error("undone");
          })
          .catch((error: Error) => assert.equal(error.message, "undone")),
      ),
    );
    assert.deepEqual(await balances(db), [130, 100]);
  });

  it("undoes only the inner one that fails", async (context) => {
    const db = await connectAccounts(context, dialect);
    await db.transaction(async (tx) => {
      await tx.update("accounts").set({ balance: 50 }).eq("id", 1).yield();
      await assert.rejects(
        tx.transaction(async (inner) => {
          await inner.update("accounts").set({ balance: 0 }).all().yield();
          await inner.transaction(async (deep) => {
            await deep.update("accounts").set({ balance: -1 }).eq("id", 2).yield();
          });
        }),
        { code: "QUERY_CONSTRAINT_FAILED" },
      );
      await tx.transaction((inner) => inner.update("accounts").set({ balance: 150 }).eq("id", 2).yield());
    });
    assert.deepEqual(await balances(db), [50, 150]);
  });

  it("never commits after a statement failed in PostgreSQL, and says so", async (context) => {
    const db = await connectAccounts(context, dialect);
    const swallowed = db.transaction(async (tx) => {
      await tx.update("accounts").set({ balance: 5 }).eq("id", 1).yield();
      await tx
        .insert("accounts")
        .values({ id: 1, balance: 1 })
        .yield()
        .catch(() => {});
    });
    if (dialect !== "pg") {
      await swallowed;
      assert.deepEqual(await balances(db), [5, 100]);
      return;
    }
    await assert.rejects(swallowed, { code: "QUERY_TRANSACTION_LOST" });
    assert.deepEqual(await balances(db), [100, 100]);
    await assert.rejects(
      db.transaction(async (tx) => {
        await tx
          .insert("accounts")
          .values({ id: 1, balance: 1 })
          .yield()
          .catch(() => {});
        await tx.select().from("accounts").yield();
      }),
      { code: "QUERY_TRANSACTION_LOST", message: /has failed/ },
    );
  });

  it("refuses the database inside its callback, and its tx after it", async (context) => {
    const db = await connectAccounts(context, dialect);
    let leaked: Pick<Database, "select"> | undefined;
    await db.transaction(async (tx) => {
      leaked = tx;
      await assert.rejects(db.select().from("accounts").yield(), { code: "QUERY_TRANSACTION_MISUSE" });
      await assert.rejects(
        db.transaction(async () => {}),
        { code: "QUERY_TRANSACTION_MISUSE" },
      );
      await assert.rejects(tx.query("COMMIT"), { code: "QUERY_TRANSACTION_MISUSE" });
    });
    await assert.rejects((leaked as Database).select().from("accounts").yield(), {
      code: "QUERY_TRANSACTION_MISUSE",
    });
  });

  it("takes an isolation level, and no other text", async (context) => {
    const db = await connectAccounts(context, dialect);
    await db.transaction((tx) => tx.select().from("accounts").yield(), { isolation: "serializable" });
    if (dialect === "pg") {
      await assert.rejects(
        db.transaction(async () => {}, { isolation: "serializable; DROP TABLE accounts" as never }),
        { code: "QUERY_INVALID_ARGUMENT" },
      );
      const level = await db.transaction(
        async (tx) => (await tx.query("SHOW transaction_isolation"))[0]?.transaction_isolation,
        { isolation: "repeatable read" },
      );
      assert.equal(level, "repeatable read");
    }
  });

  it("waits for a turn or a connection no longer than it is told", async (context) => {
    const db = await connectAccounts(context, dialect, {
      pool: { max: 1, connectTimeout: 50 },
      lockTimeout: 50,
    });
    const began = createSignal();
    const end = createSignal();
    const holder = db.transaction(async () => {
      began.give();
      await end.given;
    });
    await began.given;
    const code = dialect === "pg" ? "QUERY_POOL_TIMEOUT" : "QUERY_LOCK_TIMEOUT";
    await assert.rejects(db.update("accounts").set({ balance: 1 }).all().yield(), { code });
    await assert.rejects(
      db.transaction(async () => {}),
      { code },
    );
    end.give();
    await holder;
    assert.equal(await db.update("accounts").set({ balance: 1 }).all().affected(), 2);
  });
});
