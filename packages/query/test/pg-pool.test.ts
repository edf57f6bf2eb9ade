import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { describe, it, type TestContext } from "node:test";
import { Database, type DatabaseOptions } from "@miqro/query";
import { createDatabase, missing } from "./support/dialects.js";
import { type Relay, startRelay } from "./support/relay.js";
import { createSignal } from "./support/signal.js";

/** A database behind a relay. */
async function setUp(
  context: TestContext,
  pool: DatabaseOptions["pool"],
): Promise<{ db: Database; relay: Relay }> {
  const { connectionString } = await createDatabase(context, "pg");
  const relay = await startRelay(context, connectionString as string);
  const db = new Database({ dialect: "pg", url: relay.url, ...(pool === undefined ? {} : { pool }) });
  context.after(() => db.disconnect());
  return { db, relay };
}

const one = async (db: Database) => assert.deepEqual(await db.query("SELECT 1 AS one"), [{ one: 1 }]);

const codesOf = (results: readonly PromiseSettledResult<unknown>[]) => [
  ...new Set(results.map((result) => (result.status === "rejected" ? result.reason.code : "done"))),
];

/** How the server can be away. */
const outages: Readonly<
  Record<string, { begin(relay: Relay): Promise<void>; end(relay: Relay): Promise<void> }>
> = {
  "nobody listens": { begin: (relay) => relay.close(), end: (relay) => relay.listen() },
  "connections are refused": {
    async begin(relay) {
      relay.mode = "refuse";
      relay.cut();
    },
    async end(relay) {
      relay.mode = "pass";
    },
  },
};

describe("the pool of PostgreSQL", { skip: missing.pg }, () => {
  for (const [outage, { begin, end }] of Object.entries(outages)) {
    it(`tells each statement the reason while ${outage}, and is whole when the server is back`, async (context) => {
      const { db, relay } = await setUp(context, { max: 2, connectTimeout: 60_000 });
      await db.connect();
      await one(db);
      await begin(relay);
      // Many more than connections; none may wait for a connection that nobody will give back.
      const during = await Promise.allSettled(Array.from({ length: 40 }, () => one(db)));
      const codes = codesOf(during);
      assert.ok(codes.includes("QUERY_CONNECT_FAILED"), codes.join());
      // The first may have met the connection that was cut.
      assert.deepEqual(
        codes.filter((code) => !["QUERY_CONNECT_FAILED", "QUERY_CONNECTION_LOST"].includes(code)),
        [],
      );
      await end(relay);
      for (let time = 0; time < 3; time++) {
        assert.deepEqual(codesOf(await Promise.allSettled(Array.from({ length: 40 }, () => one(db)))), [
          "done",
        ]);
      }
    });

    it(`serves those that wait when ${outage} while statements run`, async (context) => {
      const { db, relay } = await setUp(context, { max: 2, connectTimeout: 60_000 });
      await db.connect();
      const began = [createSignal(), createSignal()];
      const running = began.map((signal) =>
        db.transaction(async (tx) => {
          await tx.query("SELECT 1");
          signal.give();
          await tx.query("SELECT pg_sleep(30)");
        }),
      );
      const lost = Promise.allSettled(running);
      await Promise.all(began.map((signal) => signal.given));
      const waiting = Promise.allSettled(Array.from({ length: 20 }, () => one(db)));
      await begin(relay);
      assert.deepEqual(codesOf(await lost), ["QUERY_TRANSACTION_LOST"]);
      assert.deepEqual(codesOf(await waiting), ["QUERY_CONNECT_FAILED"]);
      await end(relay);
      await one(db);
    });

    it(`connects later when ${outage} at first`, async (context) => {
      const { db, relay } = await setUp(context, undefined);
      await begin(relay);
      for (let time = 0; time < 2; time++) {
        await assert.rejects(db.connect(), { code: "QUERY_CONNECT_FAILED" });
        assert.equal(db.status, "disconnected");
      }
      await end(relay);
      await db.connect();
      await one(db);
    });
  }

  it("waits for a server that is starting, and no longer than it may", async (context) => {
    const { db, relay } = await setUp(context, { connectTimeout: 20_000 });
    relay.mode = "starting";
    const connected = db.connect();
    while (relay.clients < 3) await new Promise((resolve) => setImmediate(resolve));
    relay.mode = "pass";
    await connected;
    await one(db);
    const hasty = new Database({ dialect: "pg", url: relay.url, pool: { connectTimeout: 1500 } });
    relay.mode = "starting";
    await assert.rejects(hasty.connect(), { code: "QUERY_CONNECT_FAILED", message: /starting up/ });
  });

  const noTable = existsSync("/proc/net/tcp") ? false : "only Linux lists the timers of connections";
  it("checks whether the server of a running statement still exists", { skip: noTable }, async (context) => {
    const { db, relay } = await setUp(context, { max: 1 });
    await db.connect();
    await one(db);
    const port = Number(new URL(relay.url).port).toString(16).toUpperCase().padStart(4, "0");
    const lines = (await readFile("/proc/net/tcp", "utf8")).split("\n");
    // The columns: number, own address, other address, state, queues, kind of the timer and hundredths of a second.
    const timers = lines
      .map((line) => line.trim().split(/\s+/))
      .filter((columns) => columns[2]?.endsWith(`:${port}`) === true && columns[3] === "01")
      .map((columns) => columns[5]?.split(":").map((part) => Number.parseInt(part, 16)) ?? []);
    assert.ok(timers.length > 0);
    for (const [kind, time = 0] of timers) {
      assert.equal(kind, 2);
      assert.ok(time <= 1000, `after ${time / 100} s`);
    }
  });

  it("blames long statements only if they are to blame", async (context) => {
    const { db } = await setUp(context, { max: 1, connectTimeout: 1500 });
    await db.connect();
    const began = createSignal();
    const ended = createSignal();
    const long = db.transaction(async (tx) => {
      await tx.query("SELECT 1");
      began.give();
      await ended.given;
    });
    await began.given;
    await assert.rejects(one(db), {
      code: "QUERY_POOL_TIMEOUT",
      message: /Each of the 1 connections was in use/,
    });
    ended.give();
    await long;
    await one(db);
  });
});
