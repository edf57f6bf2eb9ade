import assert from "node:assert/strict";
import { connect as connectSocket, createServer, type Socket } from "node:net";
import { describe, it } from "node:test";
import { Database } from "@miqro/query";
import { connectTo, createDatabase, missing } from "./support/dialects.js";
import { createSignal } from "./support/signal.js";

describe("PostgreSQL", { skip: missing.pg }, () => {
  it("killing the connection of a transaction is an error that leaves nothing behind", async (context) => {
    const db = await connectTo(context, "pg");
    await db.createTable("t", { a: { type: "integer" } }).yield();
    const lost = db.transaction(async (tx) => {
      await tx.insert("t").values({ a: 1 }).yield();
      const [{ pid }] = (await tx.query("SELECT pg_backend_pid() AS pid")) as [{ pid: number }];
      const other = new Database({ ...(await createDatabase(context, "pg")) });
      await other.connect();
      await other.query("SELECT pg_terminate_backend(?::int)", [pid]);
      await other.disconnect();
      await tx.insert("t").values({ a: 2 }).yield();
    });
    await assert.rejects(lost, { name: "TransactionError", code: "QUERY_TRANSACTION_LOST" });
    assert.equal(await db.from("t").count().value(), 0);
    assert.deepEqual(await db.insert("t").values({ a: 3 }).returning().yield(), [{ a: 3 }]);
  });

  it("killing every connection while nobody uses it is not noticed by the next query", async (context) => {
    const db = await connectTo(context, "pg");
    await Promise.all(Array.from({ length: 5 }, () => db.query("SELECT pg_sleep(0.01)")));
    // Not those of other test files, which run at the same time.
    const mark = `killed_${process.pid}`;
    await db.query(`SELECT '${mark}' AS mark`);
    const other = new Database({ ...(await createDatabase(context, "pg")) });
    await other.connect();
    const gone = await other.query(
      `SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND query LIKE '%${mark}%'`,
    );
    assert.ok(gone.length > 0);
    for (const { pid } of gone) await other.query("SELECT pg_terminate_backend(?::int)", [pid]);
    await other.disconnect();
    // The word of the server arrives when it arrives; until then a query may still meet the dead connection.
    for (let attempt = 0; ; attempt++) {
      try {
        assert.deepEqual(await db.query("SELECT 1 AS one"), [{ one: 1 }]);
        break;
      } catch (error) {
        assert.equal((error as { code?: string }).code, "QUERY_CONNECTION_LOST");
        assert.ok(attempt < 6);
      }
    }
  });

  it("a network that breaks while a statement runs is an error of that statement", async (context) => {
    const { connectionString } = await createDatabase(context, "pg");
    const url = new URL(connectionString as string);
    const port = Number(url.port);
    const arrived = createSignal();
    const sockets = new Set<Socket>();
    const relay = createServer((near) => {
      const far = connectSocket(port, url.hostname);
      for (const socket of [near, far]) {
        sockets.add(socket);
        socket.on("error", () => {});
      }
      near.on("data", (chunk) => chunk.includes("pg_sleep") && arrived.give());
      near.pipe(far).pipe(near);
    });
    await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
    context.after(() => relay.close());
    url.port = String((relay.address() as { port: number }).port);
    const db = new Database({ dialect: "pg", url: url.href });
    await db.connect();
    context.after(() => db.disconnect());
    const slow = db.query("SELECT pg_sleep(30)");
    const failed = assert.rejects(slow, { code: "QUERY_CONNECTION_LOST" });
    await arrived.given;
    for (const socket of sockets) socket.destroy();
    await failed;
    assert.deepEqual(await db.query("SELECT 1 AS one"), [{ one: 1 }]);
  });

  it("hands connections to who waited first", async (context) => {
    const db = await connectTo(context, "pg", { pool: { max: 1 } });
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 12 }, async (_, index) => {
        await db.query("SELECT pg_sleep(0.002)");
        order.push(index);
      }),
    );
    assert.deepEqual(
      order,
      order.toSorted((left, right) => left - right),
    );
    assert.equal(order.length, 12);
  });

  it("refuses COPY from and to the client, which would make the connection wait forever", async (context) => {
    const db = await connectTo(context, "pg", { pool: { max: 1 } });
    await db.query("CREATE TABLE t (a text)");
    for (const sql of [
      "COPY t FROM STDIN",
      "copy t (a) from stdin with (format csv)",
      "COPY t FROM /* a */ STDIN -- b",
      "COPY t TO STDOUT",
      "COPY (SELECT 'from' FROM t) TO STDOUT WITH CSV",
      "/* x */ COPY t\nFROM\n\tSTDIN;",
    ]) {
      await assert.rejects(db.query(sql), { code: "QUERY_NOT_SUPPORTED" }, sql);
      await assert.rejects(
        db.transaction((tx) => tx.query(sql)),
        { code: "QUERY_NOT_SUPPORTED" },
      );
      await assert.rejects(
        async () => {
          for await (const _ of db.queryIterator(sql));
        },
        { code: "QUERY_NOT_SUPPORTED" },
      );
      assert.deepEqual(await db.query("SELECT 1 AS one"), [{ one: 1 }]);
    }
    // Files of the server are none of its business.
    for (const sql of ["COPY t TO '/nowhere/to stdout'", `COPY t FROM '/nowhere/from stdin'`]) {
      await assert.rejects(db.query(sql), { code: "QUERY_STATEMENT_FAILED" });
    }
  });

  it("reads dates in the time zone of any session", async (context) => {
    const db = await connectTo(context, "pg");
    await db.transaction(async (tx) => {
      for (const zone of ["UTC", "Asia/Kolkata", "America/St_Johns", "Europe/Amsterdam"]) {
        await tx.query(`SET LOCAL TimeZone = '${zone}'`);
        for (const at of [new Date("2024-07-01T12:34:56.789Z"), new Date("1890-01-01T00:00:00Z")]) {
          assert.deepEqual(await tx.query("SELECT ?::timestamptz AS at", [at]), [{ at }]);
        }
      }
    });
    assert.deepEqual(await db.query("SELECT timestamp '2024-01-02 03:04:05.6' AS at"), [
      { at: new Date("2024-01-02T03:04:05.600Z") },
    ]);
  });

  it("reads dates of servers that write them in another style", async (context) => {
    const { connectionString } = await createDatabase(context, "pg");
    const url = new URL(connectionString as string);
    const at = new Date("2024-02-03T04:05:06.789Z");
    for (const style of ["German", "SQL, DMY", "Postgres, MDY", "ISO, DMY"]) {
      url.searchParams.set("options", `-c datestyle=${style.replaceAll(" ", "\\ ")}`);
      const db = new Database({ dialect: "pg", url: url.href });
      await db.connect();
      assert.deepEqual(await db.query("SELECT ?::timestamptz AS at, DATE '2024-02-03' AS day", [at]), [
        { at, day: "2024-02-03" },
      ]);
      // The order of days and months stays as it was.
      const [first] = await db.query("SELECT (DATE '02/03/2024')::text AS day");
      assert.equal(first?.day, /MDY/.test(style) ? "2024-02-03" : "2024-03-02");
      await db.disconnect();
    }
  });

  it("reads moments that never come as infinite numbers, and finds them by those", async (context) => {
    const db = await connectTo(context, "pg");
    const infinite = { never: Number.POSITIVE_INFINITY, always: Number.NEGATIVE_INFINITY };
    for (const type of ["timestamptz", "timestamp"]) {
      assert.deepEqual(await db.query(`SELECT ${type} 'infinity' AS never, ${type} '-infinity' AS always`), [
        infinite,
      ]);
      await db.query(`CREATE TABLE lease_${type} (id integer, ends ${type})`);
      await db.query(`INSERT INTO lease_${type} VALUES (1, '2030-01-01 00:00:00'), (2, 'infinity')`);
      const leases = db.from(`lease_${type}`).order("id");
      assert.deepEqual(
        (await leases.yield()).map(({ ends }) => ends > new Date("2029-01-01T00:00:00Z")),
        [true, true],
      );
      assert.deepEqual(
        (await leases.eq("ends", Number.POSITIVE_INFINITY).yield()).map(({ id }) => id),
        [2],
      );
      await db.insert(`lease_${type}`).values({ id: 3, ends: Number.NEGATIVE_INFINITY }).yield();
      assert.equal((await leases.eq("id", 3).first())?.ends, Number.NEGATIVE_INFINITY);
    }
  });

  it("ilike finds letters of any language whatever their case", async (context) => {
    const db = await connectTo(context, "pg");
    await db.createTable("guest", { id: { type: "integer" }, name: { type: "text" } }).yield();
    await db.query("CREATE TABLE foreign_guest (id integer, name text)");
    for (const [id, name, pattern, other] of [
      [1, "Élodie", "éLO%", "elo%"],
      [2, "ÄRGER", "ärger", "arger"],
      [3, "ÑANDÚ", "ñand_", "nand_"],
      [4, "ΣΟΦΙΑ", "σοφια", "σοφι"],
      [5, "жук", "ЖУК", "ЖУ"],
      [6, "50%_a\\", "50\\%\\_A\\\\", "50\\_"],
    ] as const) {
      for (const table of ["guest", "foreign_guest"]) {
        await db.insert(table).values({ id, name }).yield();
        const found = async (text: string) =>
          (await db.select("g.id").from(table, "g").ilike("g.name", text).yield()).map((row) => row.id);
        assert.deepEqual(await found(pattern), [id]);
        assert.deepEqual(await found(other), []);
        assert.equal(await db.from(table).like("name", pattern).eq("id", id).count().value(), 0);
      }
    }
    const raw = db.from("guest").ilike(db.raw(`name COLLATE "default"`), "ärger");
    assert.equal(await raw.count().value(), 1);
  });

  it("takes placeholders outside of arrays, casts, escapes and dollar quotes", async (context) => {
    const db = await connectTo(context, "pg");
    assert.deepEqual(
      await db.query(
        "SELECT ARRAY[?::int, 2]::text AS a, E'it\\'s ?' AS b, $q$ ? $q$ AS c, '?'::text AS d -- ?",
        [1],
      ),
      [{ a: "{1,2}", b: "it's ?", c: " ? ", d: "?" }],
    );
    assert.deepEqual(await db.query("SELECT $2::text || $1::text AS x", ["a", "b"]), [{ x: "ba" }]);
  });

  it("says what is wrong with a server that is not there, without the password", async () => {
    const db = new Database({ dialect: "pg", url: "postgres://me:s3cret@127.0.0.1:1/x" });
    await assert.rejects(db.connect(), (error: Error & { code: string }) => {
      assert.equal(error.code, "QUERY_CONNECT_FAILED");
      assert.doesNotMatch(error.message, /s3cret/);
      return true;
    });
    assert.equal(db.status, "disconnected");
  });
});
