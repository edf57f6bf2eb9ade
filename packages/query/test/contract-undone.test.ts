import assert from "node:assert/strict";
import { it } from "node:test";
import { type Database, defineModel, type Migration, migrate, type QueryScope } from "@miqro/query";
import { connectTo, describeEach } from "./support/dialects.js";

const id = { type: "integer", primaryKey: true } as const;
const unsafe = 2n ** 60n;

/** Writes whose rows cannot be read: a bigint that is no safe number, made by the caller or by the database. */
const writes: Readonly<Record<string, (db: QueryScope) => Promise<unknown>>> = {
  "create()": (db) => model(db as Database).create({ id: 2, n: unsafe as never }),
  "create() with a default": (db) =>
    model(db as Database).create({ id: 2, n: db.raw("1152921504606846976") as never }),
  "createMany()": (db) =>
    model(db as Database).createMany([
      { id: 2, n: 1 },
      { id: 3, n: unsafe as never },
    ]),
  "upsert()": (db) => model(db as Database).upsert({ id: 1, n: unsafe as never }),
  "insert().returning()": (db) => db.insert("t").values({ id: 2, n: unsafe }).returning().yield(),
  "a prepared insert": (db) =>
    db
      .insert("t")
      .values({ id: 2, n: db.param("n") })
      .returning()
      .prepare()
      .yield({ n: unsafe }),
  "insert().from()": (db) =>
    db
      .insert("t")
      .from(
        db.select(db.raw("id + 50").as("id"), db.raw("n + 1152921504606846976").as("n")).from("t"),
        "id",
        "n",
      )
      .returning()
      .yield(),
  "update().returning()": (db) =>
    db
      .update("t")
      .set({ n: db.raw("n + 1152921504606846976") })
      .all()
      .returning()
      .yield(),
  "update() of another column": async (db) => {
    await db.update("t").set({ n: unsafe }).eq("id", 9).yield();
    return db.update("t").set({ note: "changed" }).eq("id", 9).returning().yield();
  },
  "delete().returning()": async (db) => {
    await db.update("t").set({ n: unsafe }).eq("id", 9).yield();
    return db.delete("t").eq("id", 9).returning().yield();
  },
  "query()": (db) => db.query("INSERT INTO t (id, n) VALUES (2, 1152921504606846976) RETURNING *"),
  "a loop over query()": async (db) => {
    for await (const row of db.queryIterator(
      "INSERT INTO t (id, n) VALUES (2, 1152921504606846976) RETURNING *",
    ))
      assert.ok(row);
  },
};

function model(db: Database) {
  return defineModel(db, "t", { id, n: { type: "bigint" }, note: { type: "text" } });
}

/** What is in the table, whether its numbers can be read or not. */
async function look(db: Database): Promise<readonly object[]> {
  return db.select("id", db.raw("CAST(n AS text)").as("n"), "note").from("t").order("id").yield();
}

const before = [
  { id: 1, n: "1", note: null },
  { id: 9, n: "9", note: null },
];
const prepared = [before[0], { id: 9, n: String(unsafe), note: null }];

describeEach("a write whose rows cannot be read", (dialect) => {
  const setUp = async (context: Parameters<typeof connectTo>[0], storage?: string) => {
    const db = await connectTo(context, dialect, storage === undefined ? {} : { storage });
    await model(db).sync();
    await db
      .insert("t")
      .values([
        { id: 1, n: 1 },
        { id: 9, n: 9 },
      ])
      .yield();
    return db;
  };
  const places = dialect === "pg" ? [undefined] : [undefined, ":memory:"];

  for (const [name, write] of Object.entries(writes)) {
    // The package sqlite3 rounds what a statement of no table gives.
    for (const storage of places) {
      it(`is undone: ${name}${storage === undefined ? "" : ` in ${storage}`}`, async (context) => {
        const db = await setUp(context, storage);
        const expected = { code: "QUERY_UNREADABLE_VALUE" };
        await assert.rejects(write(db), expected);
        const rows = await look(db);
        assert.deepEqual(rows, /another|delete/.test(name) ? prepared : before);
        // Known statements take another way than new ones.
        await assert.rejects(write(db), expected);
        assert.deepEqual(await look(db), rows);
        // The connection is as it was.
        assert.equal((await model(db).create({ id: 20, n: 5 })).n, 5);
        await db.transaction((tx) => tx.insert("t").values({ id: 21 }).yield());
        assert.equal(await db.from("t").count().value(), 4);
      });
    }

    it(`is undone in a transaction inside another: ${name}`, async (context) => {
      const db = await setUp(context);
      await db.transaction(async (tx) => {
        await tx.insert("t").values({ id: 30, n: 1 }).yield();
        await assert.rejects(
          tx.transaction((inner) => write(inner)),
          { code: "QUERY_UNREADABLE_VALUE" },
        );
        await tx.insert("t").values({ id: 31, n: 1 }).yield();
      });
      assert.deepEqual(
        (await look(db)).map((row) => (row as { id: number; n: string }).n),
        ["1", "9", "1", "1"],
      );
    });

    it(`is never committed by a transaction that goes on: ${name}`, async (context) => {
      const db = await setUp(context);
      const ended = await db
        .transaction(async (tx) => {
          await assert.rejects(write(tx), { code: "QUERY_UNREADABLE_VALUE" });
        })
        .catch((error) => error.code);
      assert.equal(ended, dialect === "pg" ? "QUERY_TRANSACTION_LOST" : undefined);
      const rows = await look(db);
      if (dialect === "pg" || !/another|delete/.test(name)) assert.deepEqual(rows, before);
      else assert.deepEqual(rows, prepared);
    });
  }

  it("does not cost those a transaction that can be read", async (context) => {
    const db = await setUp(context);
    const rows = await db
      .insert("t")
      .values([
        { id: 40, n: 2 ** 52 },
        { id: 41, n: null },
      ])
      .returning("id", "n")
      .yield();
    assert.deepEqual(rows, [
      { id: 40, n: 2 ** 52 },
      { id: 41, n: null },
    ]);
    assert.deepEqual(await db.insert("t").values({ id: 42, n: unsafe }).returning("id").yield(), [
      { id: 42 },
    ]);
  });
});

/** What only SQLite stores in columns that are declared as something else. */
const unreadable = [
  { type: "datetime", value: "soon", valid: "2024-01-01 00:00:00" },
  { type: "json", value: "{", valid: "[1]" },
  { type: "integer", value: 2n ** 60n, valid: 1 },
] as const;

describeEach("a row that SQLite stored and nobody can read", (dialect) => {
  for (const { type, value, valid } of unreadable) {
    it(`is not stored: ${value} in a column of ${type}`, async (context) => {
      const db = await connectTo(context, dialect);
      await db.createTable("t", { id, value: { type } }).yield();
      const rows = [
        { id: 1, value: valid },
        { id: 2, value },
      ];
      const failed = { name: "StatementError" };
      const expected = dialect === "pg" ? failed : { ...failed, code: "QUERY_UNREADABLE_VALUE" };
      for (const list of [rows, rows.toReversed(), rows.slice(1)]) {
        await assert.rejects(db.insert("t").values(list).returning().yield(), expected);
        await assert.rejects(
          db.transaction((tx) => tx.insert("t").values(list).returning().first()),
          expected,
        );
        assert.equal(await db.from("t").count().value(), 0);
      }
      assert.equal((await db.insert("t").values(rows.slice(0, 1)).returning("id").yield()).length, 1);
    });
  }
});

describeEach("a loop over what a write gives", (dialect) => {
  it("that is left early leaves the write done", async (context) => {
    const db = await connectTo(context, dialect);
    await db.createTable("t", { id }).yield();
    const write = "INSERT INTO t (id) VALUES (1), (2), (3) RETURNING id";
    for await (const row of db.queryIterator(write)) {
      assert.equal(row.id, 1);
      break;
    }
    assert.equal(await db.from("t").count().value(), 3);
    await db.transaction(async (tx) => {
      for await (const row of tx.queryIterator("DELETE FROM t RETURNING id")) {
        assert.ok(row.id);
        break;
      }
    });
    assert.equal(await db.from("t").count().value(), 0);
  });
});

describeEach("the options of a transaction", (dialect) => {
  it("are checked in every dialect, and cannot be ignored", async (context) => {
    const db = await connectTo(context, dialect);
    const nothing = async () => {};
    const refused = { code: "QUERY_INVALID_ARGUMENT" };
    for (const options of [
      { isolation: "serialisable" },
      { isolation: null },
      { isolationLevel: "serializable" },
      { lockTimeout: -1 },
      "x",
    ]) {
      await assert.rejects(db.transaction(nothing, options as never), refused);
      await assert.rejects(
        db.transaction((tx) => tx.transaction(nothing, options as never)),
        refused,
      );
    }
    await db.transaction(nothing, { isolation: "serializable", lockTimeout: 1000 });
    await assert.rejects(
      db.transaction((tx) => tx.transaction(nothing, { isolation: "serializable" })),
      {
        ...refused,
        message: /outermost/,
      },
    );
  });
});

/** Migrations that give `shelf` a column that is never null, the way SQLite's manual says. */
const rebuild = async (tx: QueryScope) => {
  await tx.createTable("shelf_new", { id, label: { type: "text", notNull: true } }).yield();
  await tx.query("INSERT INTO shelf_new (id, label) SELECT id, label FROM shelf");
  await tx.dropTable("shelf").yield();
  await tx.alterTable("shelf_new").rename("shelf").yield();
};

describeEach("a migration that rebuilds a table", (dialect) => {
  const isSqlite = dialect !== "pg";
  const setUp = async (context: Parameters<typeof connectTo>[0]) => {
    const db = await connectTo(context, dialect);
    await db.createTable("shelf", { id, label: { type: "text" } }).yield();
    await db
      .createTable("book", {
        id,
        shelfId: { type: "integer", references: { table: "shelf", column: "id", onDelete: "CASCADE" } },
      })
      .yield();
    await db
      .insert("shelf")
      .values([
        { id: 1, label: "A" },
        { id: 2, label: "B" },
      ])
      .yield();
    await db
      .insert("book")
      .values([
        { id: 1, shelfId: 1 },
        { id: 2, shelfId: 2 },
      ])
      .yield();
    return db;
  };
  const up = (db: Database, migration: Omit<Migration, "name">) =>
    migrate({ direction: "up", db, migrations: [{ name: "001", ...migration }] });
  const books = (db: Database) => db.from("book").count().value();
  const references = async (db: Database) => {
    if (isSqlite) assert.deepEqual(await db.query("PRAGMA foreign_keys"), [{ foreign_keys: 1 }]);
    await assert.rejects(db.insert("book").values({ id: 9, shelfId: 99 }).yield(), {
      code: "QUERY_CONSTRAINT_FAILED",
    });
  };

  it("keeps the rows of tables that refer to it", async (context) => {
    if (!isSqlite) {
      // Nobody rebuilds there; the mark does no harm.
      const db = await setUp(context);
      await up(db, {
        rebuild: true,
        up: (tx) => tx.query("ALTER TABLE shelf ALTER COLUMN label SET NOT NULL"),
      });
      await references(db);
      return;
    }
    const db = await setUp(context);
    await up(db, { rebuild: true, up: rebuild });
    assert.equal(await books(db), 2);
    await references(db);
    await assert.rejects(db.insert("shelf").values({ id: 3, label: null }).yield(), {
      code: "QUERY_CONSTRAINT_FAILED",
    });
    await db.delete("shelf").eq("id", 1).yield();
    assert.equal(await books(db), 1);
  });

  it("is undone if rows would refer to nothing, and names them", async (context) => {
    const db = await setUp(context);
    const lossy = async (tx: QueryScope) => {
      await rebuild(tx);
      await tx.delete("shelf").eq("id", 2).yield();
    };
    if (!isSqlite)
      return assert.rejects(up(db, { rebuild: true, up: lossy }), { code: "QUERY_MIGRATION_FAILED" });
    await assert.rejects(up(db, { rebuild: true, up: lossy }), {
      code: "QUERY_MIGRATION_FAILED",
      message: /1 of "book" that refer to "shelf"/,
    });
    assert.equal(await books(db), 2);
    assert.equal(await db.from("shelf").count().value(), 2);
    await references(db);
  });

  it("that throws leaves references enforced", async (context) => {
    const db = await setUp(context);
    const fails = async (tx: QueryScope) => {
      await tx.query("SELECT 1");
      throw new Error("no");
    };
    await assert.rejects(up(db, { rebuild: true, up: fails }), { code: "QUERY_MIGRATION_FAILED" });
    await references(db);
    await up(db, { up: async () => {} });
    await references(db);
  });

  for (const pragma of [
    "PRAGMA foreign_keys = OFF",
    "pragma foreign_keys=0",
    "PRAGMA foreign_keys(false)",
    "PRAGMA main.foreign_keys = OFF",
    "PRAGMA /* now */ foreign_keys -- off\n = OFF",
    'PRAGMA "foreign_keys" = ON',
    "  PRAGMA\n`main` . [foreign_keys] = 1",
  ]) {
    it(`is what ${JSON.stringify(pragma)} asks for, which is refused everywhere else`, async (context) => {
      const db = await setUp(context);
      const refused = { code: "QUERY_TRANSACTION_MISUSE", message: /rebuild: true/ };
      await assert.rejects(db.query(pragma), refused);
      await assert.rejects(
        db.transaction((tx) => tx.query(pragma)),
        refused,
      );
      for (const mark of [true, false]) {
        const run = up(db, {
          rebuild: mark,
          up: async (tx) => {
            await tx.query(pragma);
            await rebuild(tx);
          },
        });
        await assert.rejects(run, { code: "QUERY_MIGRATION_FAILED" });
      }
      assert.equal(await books(db), 2);
      await references(db);
    });
  }

  it("is marked with true or false", async (context) => {
    const db = await connectTo(context, dialect);
    await assert.rejects(up(db, { up: () => {}, rebuild: "yes" as never }), {
      code: "QUERY_MIGRATION_INVALID",
    });
  });
});
