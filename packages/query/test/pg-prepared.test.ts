import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { Database, type DatabaseOptions, migrate, type QueryScope } from "@miqro/query";
import { connectTo, createDatabase, missing } from "./support/dialects.js";
import { startPgBouncer, withoutPgBouncer } from "./support/pgbouncer.js";

/** Two databases of one schema, the first with one connection. */
async function connectTwo(context: TestContext): Promise<[Database, Database]> {
  const options = await createDatabase(context, "pg");
  const dbs = [new Database({ ...options, pool: { max: 1 } }), new Database(options)] as const;
  for (const db of dbs) {
    await db.connect();
    context.after(() => db.disconnect());
  }
  return [...dbs];
}

async function createTable(db: Database): Promise<void> {
  await db.createTable("t", { id: { type: "integer" } }).yield();
  await db
    .insert("t")
    .values([{ id: 1 }, { id: 2 }])
    .yield();
}

const pidOf = async (db: Pick<Database, "query">) =>
  (await db.query("SELECT pg_backend_pid() AS pid"))[0]?.pid;

/** What takes prepared statements away, and what a row is then. */
const events: Readonly<
  Record<
    string,
    {
      readonly happen: (other: Database, pid: number, db: Database) => Promise<unknown>;
      readonly row: object;
    }
  >
> = {
  "a new column": {
    happen: (other) => other.alterTable("t").addColumn("n", { type: "integer" }).yield(),
    row: { id: 1, n: null },
  },
  "another type of a column": {
    happen: (other) => other.query("ALTER TABLE t ALTER COLUMN id TYPE text"),
    row: { id: "1" },
  },
  "a new name of a column": {
    happen: (other) => other.alterTable("t").renameColumn("id", "key").yield(),
    row: { key: 1 },
  },
  "a table made anew": {
    happen: async (other) => {
      await other.dropTable("t").yield();
      await other.query("CREATE TABLE t (a integer, b text)");
      await other.query("INSERT INTO t VALUES (1, 'x'), (2, 'y')");
    },
    row: { a: 1, b: "x" },
  },
  "DISCARD ALL": { happen: (_, __, db) => db.query("DISCARD ALL"), row: { id: 1 } },
  "DEALLOCATE ALL": { happen: (_, __, db) => db.query("DEALLOCATE ALL"), row: { id: 1 } },
};

describe("prepared statements of PostgreSQL", { skip: missing.pg }, () => {
  for (const [event, { happen, row }] of Object.entries(events)) {
    const setUp = async (context: TestContext) => {
      const [db, other] = await connectTwo(context);
      await createTable(db);
      const rows = () => db.query("SELECT * FROM t ORDER BY 1");
      for (let time = 0; time < 3; time++) assert.equal((await rows()).length, 2);
      const pid = await pidOf(db);
      // DISCARD ALL resets what the connection string set.
      const path = (await db.query("SELECT current_setting('search_path') AS path"))[0]?.path;
      await happen(other, pid, db);
      if (event === "DISCARD ALL") await db.query(`SET search_path = ${path}`);
      return { db, pid, rows };
    };

    it(`outlive ${event}, and the connection stays`, async (context) => {
      const { db, pid, rows } = await setUp(context);
      for (let time = 0; time < 3; time++) assert.deepEqual((await rows())[0], row);
      const [first] = await Promise.all([rows(), rows(), db.from("t").count().value()]);
      assert.deepEqual(first[0], row);
      assert.equal(await pidOf(db), pid);
    });

    it(`outlive ${event} as the first statement of a transaction`, async (context) => {
      const { db, pid } = await setUp(context);
      for (let time = 0; time < 3; time++) {
        await db.transaction(
          async (tx) => {
            assert.deepEqual((await tx.query("SELECT * FROM t ORDER BY 1"))[0], row);
            const [{ level }] = (await tx.query(
              "SELECT current_setting('transaction_isolation') AS level",
            )) as [{ level: string }];
            assert.equal(level, "repeatable read");
          },
          { isolation: "repeatable read" },
        );
      }
      assert.equal(await pidOf(db), pid);
    });

    it(`outlive ${event} as the first statement of a transaction inside another`, async (context) => {
      const { db } = await setUp(context);
      for (let time = 0; time < 2; time++) {
        await db.transaction(async (tx) => {
          await tx.transaction((one) =>
            one.transaction(async (two) => {
              assert.deepEqual((await two.query("SELECT * FROM t ORDER BY 1"))[0], row);
            }),
          );
          await assert.rejects(
            tx.transaction(async (inner) => {
              await inner.query("DELETE FROM t");
              throw new Error("undo");
            }),
          );
          assert.deepEqual((await tx.query("SELECT * FROM t ORDER BY 1"))[0], row);
        });
      }
    });

    it(`outlive ${event} in a loop over rows`, async (context) => {
      const { db } = await setUp(context);
      const read: object[] = [];
      for await (const each of db.queryIterator("SELECT * FROM t ORDER BY 1")) read.push(each);
      assert.deepEqual(read[0], row);
    });

    it(`later in a transaction undo it, and the next one is whole`, async (context) => {
      const { db } = await setUp(context);
      const run = () =>
        db.transaction(async (tx) => {
          await tx.query("CREATE TABLE trace (a integer)");
          return tx.query("SELECT * FROM t ORDER BY 1");
        });
      const result = await run().catch((error) => error);
      // The statement of the transaction before may have been a new one, which nothing happened to.
      if (result instanceof Error) {
        assert.equal((result as { code?: string }).code, "QUERY_STATEMENT_FAILED");
        assert.match(result.message, /prepared statement/);
        assert.deepEqual((await run())[0], row);
      } else assert.deepEqual(result[0], row);
    });
  }

  // A column before and after its change, and a value of each.
  const changes: readonly (readonly [from: string, first: unknown, to: string, next: unknown])[] = [
    ["integer", 1, "bigint", 2 ** 40],
    ["integer", 1, "text", "x"],
    ["integer", 1, "numeric", "1.5"],
    ["integer", 1, "boolean USING a::boolean", true],
    ["integer", 1, "timestamptz USING NULL", new Date(0)],
    ["text", "1", "integer USING a::integer", 2],
    ["text", '"1"', "jsonb USING a::jsonb", '{"b":1}'],
    ["text", "1", "uuid USING NULL", "9b2f6d0e-0c0a-4f6e-8a44-5f6f0e0a1b2c"],
    ["text", "1", "text[] USING ARRAY[a]", "{x,y}"],
    ["date", "2024-01-01", "integer USING 1", 5],
  ];
  for (const [from, first, to, next] of changes) {
    it(`with parameters outlive a change of ${from} to ${to}, also in transactions`, async (context) => {
      const [db, other] = await connectTwo(context);
      await other.query(`CREATE TABLE c (id integer, a ${from})`);
      const insert = (scope: QueryScope, value: unknown) =>
        scope
          .insert("c")
          .values({ id: 1, a: value as string })
          .affected();
      const update = (scope: QueryScope, value: unknown) =>
        scope
          .update("c")
          .set({ a: value as string })
          .eq("id", 1)
          .affected();
      const select = (scope: QueryScope, value: unknown) =>
        scope
          .from("c")
          .eq("a", value as string)
          .count()
          .value();
      const inTransaction = (work: typeof insert) => (value: unknown) =>
        db.transaction((tx) => tx.transaction((inner) => work(inner, value)));
      for (let time = 0; time < 2; time++) {
        for (const work of [insert, update, select]) await work(db, first);
      }
      const pid = await pidOf(db);
      await other.query(`ALTER TABLE c ALTER COLUMN a TYPE ${to}`);
      for (let time = 0; time < 2; time++) {
        assert.equal(await insert(db, next), 1);
        assert.equal(await inTransaction(insert)(next), 1);
        assert.equal(await update(db, next), 2 * (time + 1) + 2);
        assert.equal(await inTransaction(update)(next), 2 * (time + 1) + 2);
        assert.equal(await select(db, next), 2 * (time + 1) + 2);
        assert.equal(await inTransaction(select)(next), 2 * (time + 1) + 2);
      }
      assert.equal(await pidOf(db), pid);
    });
  }

  it("are forgotten by all connections after the same process has altered a table", async (context) => {
    const alters: Readonly<Record<string, (db: Database, sql: string) => Promise<unknown>>> = {
      "a statement": (db, sql) => db.query(sql),
      "a transaction": (db, sql) => db.transaction((tx) => tx.query(sql)),
      "a migration": (db, sql) =>
        migrate({ direction: "up", db, migrations: [{ name: sql, up: (tx) => tx.query(sql) }] }),
    };
    for (const [name, alter] of Object.entries(alters)) {
      const db = await connectTo(context, "pg", { pool: { max: 2 } });
      await db.query("CREATE TABLE c (a real)");
      const insert = () => Promise.all([1, 2].map(() => db.insert("c").values({ a: 0.1 }).yield()));
      for (let time = 0; time < 2; time++) await insert();
      await db.query("DELETE FROM c");
      // The server would read a parameter as the old type, and lose digits without an error.
      await alter(db, "ALTER TABLE c ALTER COLUMN a TYPE double precision");
      await insert();
      assert.deepEqual(await db.query("SELECT a FROM c"), [{ a: 0.1 }, { a: 0.1 }], name);
    }
  });

  it("with parameters tell of a wrong value, and go on with a right one", async (context) => {
    const db = await connectTo(context, "pg", { pool: { max: 1 } });
    await createTable(db);
    const pid = await pidOf(db);
    for (let time = 0; time < 5; time++) {
      for (const [value, message] of [
        ["abc", /invalid input syntax for type integer: "abc"\.$/],
        [2 ** 40, /out of range for type integer\.$/],
        [1.5, /invalid input syntax for type integer: "1\.5"\.$/],
      ] as const) {
        const refused = { code: "QUERY_STATEMENT_FAILED", message };
        assert.equal(await db.insert("t").values({ id: 1 }).affected(), 1);
        await assert.rejects(db.insert("t").values({ id: value }).yield(), refused);
        await assert.rejects(
          db.transaction((tx) => tx.insert("t").values({ id: value }).yield()),
          refused,
        );
        await assert.rejects(
          db.transaction(async (tx) => {
            await tx.insert("t").values({ id: 1 }).yield();
            await tx.insert("t").values({ id: value }).yield();
          }),
          refused,
        );
      }
    }
    assert.equal(await db.from("t").count().value(), 2 + 15);
    assert.equal(await pidOf(db), pid);
  });

  it("are found out of date by every connection after one has met it", async (context) => {
    const options = await createDatabase(context, "pg");
    const db = new Database({ ...options, pool: { max: 4 } });
    await db.connect();
    context.after(() => db.disconnect());
    await createTable(db);
    // Each of the four has the statement.
    const everywhere = () =>
      Promise.all(
        [1, 2, 3, 4].map(() =>
          db.transaction(async (tx) => {
            await tx.query("SELECT pg_sleep(0.02)");
            return tx.query("SELECT * FROM t ORDER BY id");
          }),
        ),
      );
    await everywhere();
    await db.alterTable("t").addColumn("n", { type: "integer" }).yield();
    assert.deepEqual((await db.query("SELECT * FROM t ORDER BY id"))[0], { id: 1, n: null });
    for (const rows of await everywhere()) assert.deepEqual(rows[0], { id: 1, n: null });
  });

  it("are prepared again and again without filling the server", async (context) => {
    const [db, other] = await connectTwo(context);
    await createTable(db);
    for (let time = 0; time < 150; time++) {
      assert.equal((await db.from("t").yield()).length, 2);
      await other.query(`ALTER TABLE t ADD COLUMN c${time} integer`);
    }
    const row = await db.from("t").order("id").first();
    assert.equal(Object.keys(row ?? {}).length, 151);
    const [{ n }] = (await db.query(
      "SELECT count(*)::int AS n FROM pg_prepared_statements WHERE statement LIKE 'SELECT * FROM \"t\" %'",
    )) as [{ n: number }];
    assert.ok(n >= 1, "the statement is still prepared");
  });

  it("tell what the server does not do as it says it, in and outside of transactions", async (context) => {
    const db = await connectTo(context, "pg");
    await createTable(db);
    await db.query(
      "CREATE FUNCTION refuse() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not made for this' USING ERRCODE = '0A000'; END $$",
    );
    for (const sql of ["SELECT count(*) FROM t FOR UPDATE", "SELECT refuse()"]) {
      for (let time = 0; time < 3; time++) {
        const refused = { code: "QUERY_STATEMENT_FAILED", message: /not allowed|not made/ };
        await assert.rejects(db.query(sql), refused);
        await assert.rejects(
          db.transaction((tx) => tx.query(sql)),
          refused,
        );
      }
    }
  });

  it("are not blamed for those of the caller", async (context) => {
    const db = await connectTo(context, "pg", { pool: { max: 1 } });
    for (let time = 0; time < 2; time++) {
      await assert.rejects(db.query("EXECUTE nothing"), {
        code: "QUERY_STATEMENT_FAILED",
        message: 'The database refused the statement: prepared statement "nothing" does not exist.',
      });
    }
  });

  it("have names that no other process has", async (context) => {
    const names = async () => {
      const db = await connectTo(context, "pg", { pool: { max: 1 } });
      await db.query("SELECT 1 AS one");
      return (await db.query("SELECT name FROM pg_prepared_statements")).map(({ name }) => name);
    };
    const [first, second] = [await names(), await names()];
    for (const name of first) {
      assert.match(name, /^miqro_[0-9a-f]{12}_\d+$/);
      assert.ok(!second.includes(name));
    }
  });

  it("have no names with { pooler: true }", async (context) => {
    const db = await connectTo(context, "pg", { pool: { max: 1 }, pooler: true });
    await createTable(db);
    const byId = db.from("t").eq("id", db.param("id")).prepare();
    for (let time = 0; time < 3; time++) {
      assert.deepEqual(await byId.yield({ id: 2 }), [{ id: 2 }]);
      await db.transaction((tx) =>
        tx.transaction((inner) => inner.update("t").set({ id: 2 }).eq("id", 2).yield()),
      );
      for await (const row of db.from("t").order("id").iterate()) assert.ok(row.id);
    }
    assert.deepEqual(await db.query("SELECT name FROM pg_prepared_statements"), []);
    await db.alterTable("t").addColumn("n", { type: "integer" }).yield();
    assert.deepEqual(await byId.yield({ id: 2 }), [{ id: 2, n: null }]);
  });
});

describe("PostgreSQL behind PgBouncer in transaction mode", { skip: withoutPgBouncer }, () => {
  const open = async (context: TestContext, url: string, options: DatabaseOptions = {}) => {
    const db = new Database({ dialect: "pg", url, ...options });
    await db.connect();
    context.after(() => db.disconnect());
    return db;
  };

  it("gives each of many clients its own rows, with one connection of the server or several", async (context) => {
    for (const connections of [1, 3]) {
      const url = await startPgBouncer(context, connections);
      const dbs = await Promise.all(
        [1, 2, 3, 4].map(() => open(context, url, { pooler: true, pool: { max: 3 } })),
      );
      await Promise.all(
        Array.from({ length: 400 }, async (_, index) => {
          const db = dbs[index % dbs.length] as Database;
          // The texts differ by their numbers, so that there are many statements and each is sent often.
          const kind = index % 20;
          assert.deepEqual(await db.query(`SELECT ${kind} AS kind, ?::int AS value`, [index]), [
            { kind, value: index },
          ]);
        }),
      );
    }
  });

  it("does transactions, savepoints, loops, models and locks", async (context) => {
    const schema = `pooled_${process.pid}`;
    const admin = await connectTo(context, "pg");
    await admin.query(`CREATE SCHEMA ${schema}`);
    try {
      const db = await open(context, await startPgBouncer(context, 2), { pooler: true });
      const table = `${schema}.t`;
      await Promise.all(
        [1, 2, 3, 4].map(() =>
          db
            .createTable(
              table,
              { id: { type: "integer", primaryKey: true }, n: { type: "integer" } },
              { ifNotExists: true },
            )
            .yield(),
        ),
      );
      await db
        .insert(table)
        .values(Array.from({ length: 500 }, (_, id) => ({ id, n: 0 })))
        .yield();
      await Promise.all(
        Array.from({ length: 30 }, (_, id) =>
          db.transaction(async (tx) => {
            await tx
              .update(table)
              .set({ n: tx.raw("n + 1") })
              .eq("id", id % 10)
              .yield();
            await tx
              .transaction(async (inner) => {
                await inner
                  .update(table)
                  .set({ n: 1000 })
                  .eq("id", id % 10)
                  .yield();
                throw new Error("undo");
              })
              .catch(() => {});
          }),
        ),
      );
      assert.equal(await db.from(table).sum("n").value(), 30);
      let count = 0;
      for await (const row of db.from(table).order("id").iterate()) assert.equal(row.id, count++);
      assert.equal(count, 500);
      await db.alterTable(table).addColumn("m", { type: "integer" }).yield();
      for (let time = 0; time < 4; time++)
        assert.deepEqual(await db.from(table).eq("id", 400).yield(), [{ id: 400, n: 0, m: null }]);
    } finally {
      await admin.query(`DROP SCHEMA ${schema} CASCADE`);
    }
  });

  it("without { pooler: true } is slower or an error that names it, and never gives foreign rows", async (context) => {
    const url = await startPgBouncer(context, 2);
    const dbs = await Promise.all([1, 2, 3].map(() => open(context, url, { pool: { max: 2 } })));
    await Promise.all(
      Array.from({ length: 300 }, async (_, index) => {
        const db = dbs[index % dbs.length] as Database;
        const kind = index % 7;
        const sql = `SELECT ${kind} AS kind, ?::int AS value`;
        const result = await (index % 3 === 0
          ? db.transaction((tx) => tx.query(sql, [index]))
          : db.query(sql, [index])
        ).catch((error) => error);
        if (result instanceof Error) assert.match(result.message, /pooler: true/);
        else assert.deepEqual(result, [{ kind, value: index }]);
      }),
    );
  });
});
