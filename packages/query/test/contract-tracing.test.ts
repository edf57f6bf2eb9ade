import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { type TracingChannel, tracingChannel } from "node:diagnostics_channel";
import { it } from "node:test";
import type { Database, QueryTrace } from "@miqro/query";
import { connectTo, describeEach } from "./support/dialects.js";

const events = ["start", "end", "error", "asyncStart", "asyncEnd"] as const;

/** Notes the events of the statements to one database until it is disposed of. */
function listen(database: string): Disposable & { readonly seen: [string, QueryTrace][] } {
  const channel: TracingChannel<QueryTrace, QueryTrace> = tracingChannel("miqro:query");
  const seen: [string, QueryTrace][] = [];
  const note = (event: string) => (message: unknown) => {
    const trace = message as QueryTrace;
    if (trace.database === database) seen.push([event, trace]);
  };
  const listeners = Object.fromEntries(events.map((event) => [event, note(event)])) as never;
  channel.subscribe(listeners);
  return { seen, [Symbol.dispose]: () => void channel.unsubscribe(listeners) };
}

describeEach("the channel miqro:query", (dialect) => {
  const secret = "a secret value";
  const statements: readonly [
    what: string,
    send: (db: Database) => Promise<unknown>,
    rows: number | undefined,
  ][] = [
    ["an insert", (db) => db.insert("t").values({ id: 3, text: secret }).yield(), 1],
    ["a select", (db) => db.select().from("t").eq("text", secret).yield(), 0],
    ["query()", (db) => db.query("SELECT * FROM t WHERE id < ?", [3]), 2],
    [
      "a prepared query",
      (db) => db.select().from("t").eq("id", db.param("id")).prepare().yield({ id: 1 }),
      1,
    ],
    ["an update", (db) => db.update("t").set({ text: secret }).all().affected(), 2],
    [
      "rows one by one",
      async (db) => {
        for await (const row of db.queryIterator("SELECT * FROM t")) assert.ok(row);
      },
      2,
    ],
    [
      "rows one by one, left at the first",
      async (db) => {
        for await (const row of db.queryIterator("SELECT * FROM t")) return row;
        return undefined;
      },
      2,
    ],
    ["what fails", (db) => db.select("nothing").from("t").yield(), undefined],
    [
      "rows one by one that fail",
      async (db) => {
        for await (const row of db.queryIterator("SELECT nothing FROM t")) assert.ok(row);
      },
      0,
    ],
  ];

  for (const [what, send, rows] of statements) {
    it(`tells of ${what}, without its parameters`, async (context) => {
      const db = await connectTo(context, dialect);
      await db
        .createTable("t", { id: { type: "integer", primaryKey: true }, text: { type: "text" } })
        .yield();
      await db
        .insert("t")
        .values([{ id: 1 }, { id: 2 }])
        .yield();
      using listening = listen(db.name);
      const error = await send(db).then(
        () => undefined,
        (reason: Error) => reason,
      );
      const { seen } = listening;
      const trace = seen[0]?.[1] as QueryTrace;
      assert.deepEqual(
        seen.map(([event]) => event),
        events.filter((event) => error !== undefined || event !== "error"),
      );
      assert.ok(seen.every(([, other]) => other === trace));
      assert.match(trace.sql, /^(INSERT|SELECT|UPDATE) /);
      assert.ok(!JSON.stringify({ ...trace, error: undefined }).includes(secret));
      assert.deepEqual([trace.dialect, trace.rows, trace.error], [dialect, rows, error]);
    });
  }

  it("tells of the statements of a transaction, in the context of who sent them", async (context) => {
    const db = await connectTo(context, dialect);
    await db.createTable("t", { id: { type: "integer", primaryKey: true } }).yield();
    const storage = new AsyncLocalStorage<string>();
    const contexts: (string | undefined)[] = [];
    const channel: TracingChannel<QueryTrace, QueryTrace> = tracingChannel("miqro:query");
    const note = (message: unknown) => {
      if ((message as QueryTrace).database === db.name) contexts.push(storage.getStore());
    };
    channel.start.subscribe(note);
    channel.asyncEnd.subscribe(note);
    context.after(() => {
      channel.start.unsubscribe(note);
      channel.asyncEnd.unsubscribe(note);
    });
    await storage.run("here", () => db.transaction((tx) => tx.insert("t").values({ id: 1 }).yield()));
    assert.deepEqual(contexts, ["here", "here"]);
  });

  it("computes nothing without a subscriber", async (context) => {
    const db = await connectTo(context, dialect);
    assert.equal(tracingChannel("miqro:query").hasSubscribers, false);
    assert.deepEqual(await db.query("SELECT 1 AS one"), [{ one: 1 }]);
  });
});
