import assert from "node:assert/strict";
import { it } from "node:test";
import { defineModel, type Parameter, type Row } from "@miqro/query";
import { connectTo, describeEach } from "./support/dialects.js";

const range = (length: number) => Array.from({ length }, (_, index) => index);

describeEach("in() and notIn()", (dialect) => {
  for (const size of [1, 999, 1000, 1001, 40_000, 66_000]) {
    it(`take ${size} values`, async (context) => {
      const db = await connectTo(context, dialect);
      await db
        .createTable("t", { id: { type: "integer", primaryKey: true }, name: { type: "text" } })
        .yield();
      await db
        .insert("t")
        .values(
          [0, size - 1, size, 70_000]
            .filter((id, at, all) => all.indexOf(id) === at)
            .map((id) => ({ id, name: `n${id}` })),
        )
        .yield();
      const ids = range(size);
      const inside = size === 1 ? [0] : [0, size - 1];
      const idsOf = async (rows: Promise<readonly Row[]>) => (await rows).map(({ id }) => id);
      assert.deepEqual(await idsOf(db.from("t").in("id", ids).order("id").yield()), inside);
      assert.deepEqual(await idsOf(db.from("t").notIn("id", ids).order("id").yield()), [size, 70_000]);
      const names = ids.map((id) => `n${id}`);
      assert.deepEqual(await idsOf(db.from("t").in("name", names).order("id").yield()), inside);
      assert.deepEqual(
        await idsOf(
          db.from("t").gt("id", -1).in(db.raw("id + ?", 0), ids).lt("id", 80_000).order("id").yield(),
        ),
        inside,
      );
      assert.equal(await db.update("t").set({ name: "x" }).in("id", ids).affected(), inside.length);
      assert.equal(await db.delete("t").notIn("id", ids).affected(), 2);
    });
  }

  const types: readonly {
    readonly type: "text" | "real" | "bigint" | "boolean" | "datetime" | "uuid" | "blob";
    readonly values: readonly Parameter[];
  }[] = [
    { type: "text", values: ["", 'a"b', "c\\d", "{e}", "NULL", "f,g", "'h'", "🙂", "\u2028"] },
    { type: "real", values: [0.1, -1.5e-7, 3, 1e300, 427595.4755551618, -2569117483344123000, -0.5] },
    { type: "bigint", values: [2n ** 62n, -(2n ** 62n), 7] },
    { type: "boolean", values: [true] },
    { type: "datetime", values: [new Date(0), new Date("2024-02-03T04:05:06.789Z")] },
    { type: "uuid", values: ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"] },
    { type: "blob", values: [Buffer.from([0, 1, 255])] },
  ];
  for (const { type, values } of types) {
    it(`find the values of ${type} in long lists as in short ones`, async (context) => {
      const db = await connectTo(context, dialect, { bigint: "bigint" });
      await db.createTable("t", { id: { type: "integer" }, value: { type } }).yield();
      for (const [id, value] of values.entries()) await db.insert("t").values({ id, value }).yield();
      const long = range(1200).map((index) => values[index % values.length] as Parameter);
      for (const list of [values, long]) {
        assert.equal(
          await db
            .from("t")
            .in("value", list as never)
            .count()
            .value(),
          values.length,
        );
        assert.equal(
          await db
            .from("t")
            .notIn("value", list as never)
            .count()
            .value(),
          0,
        );
      }
      assert.equal(
        await db
          .from("t")
          .in("value", long.map(() => values[0]) as never)
          .count()
          .value(),
        1,
      );
    });
  }

  for (const type of ["integer", "text", "decimal", "real", "boolean", "uuid", "date"] as const) {
    it(`compare values of other types with a column of ${type} alike, in long lists and short ones`, async (context) => {
      const db = await connectTo(context, dialect);
      await db.createTable("t", { value: { type } }).yield();
      const stored = {
        boolean: [true],
        uuid: ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
        date: ["2024-01-01"],
      }[type as string] ?? ["5", "1"];
      for (const value of stored) await db.insert("t").values({ value }).yield();
      for (const value of [5, "5", 5n, 1, true, "1", stored[0], new Date("2024-01-01T10:00:00Z")]) {
        const count = (list: unknown[]) =>
          db
            .from("t")
            .in("value", list as never)
            .count()
            .value()
            .catch((error) => error.code);
        assert.equal(
          await count(new Array(1200).fill(value)),
          await count([value, value]),
          `${typeof value} ${value}`,
        );
      }
    });
  }

  it("give text and parameters that can be sent by hand", async (context) => {
    const db = await connectTo(context, dialect);
    await db.createTable("t", { id: { type: "integer" } }).yield();
    await db.insert("t").values({ id: 7 }).yield();
    const { sql, params } = db.from("t").in("id", range(2000)).toSQL();
    assert.equal(params.length, 1);
    assert.deepEqual(await db.query(sql, params), [{ id: 7 }]);
  });

  it("say which value of a long list cannot be", async (context) => {
    const db = await connectTo(context, dialect);
    const list: unknown[] = range(2000);
    list[1500] = undefined;
    assert.throws(() => db.from("t").in("id", list as never), { code: "QUERY_INVALID_ARGUMENT" });
    list[1500] = { evil: true };
    assert.throws(() => db.from("t").in("id", list as never), { code: "QUERY_INVALID_ARGUMENT" });
  });
});

describeEach("more parameters than a statement takes", (dialect) => {
  it("are an error before it is sent, and the connection stays", async (context) => {
    const db = await connectTo(context, dialect, { pool: { max: 1 } });
    await db.createTable("t", { id: { type: "integer" } }).yield();
    const session = async () =>
      dialect === "pg" ? (await db.query("SELECT pg_backend_pid() AS pid"))[0]?.pid : undefined;
    const before = await session();
    const rows = range(66_000).map((id) => ({ id }));
    const expected = { name: "QueryArgumentError", message: /66000 parameters/ };
    await assert.rejects(db.insert("t").values(rows).yield(), expected);
    assert.throws(() => db.insert("t").values(rows).prepare(), expected);
    const marks = new Array(66_000).fill("?").join(", ");
    await assert.rejects(db.query(`SELECT 1 WHERE 1 IN (${marks})`, range(66_000)), expected);
    assert.equal(await db.from("t").count().value(), 0);
    assert.equal(await session(), before);
  });

  it("are several inserts of createMany(), all or none", async (context) => {
    const db = await connectTo(context, dialect);
    const T = defineModel(db, "t", { id: { type: "integer", primaryKey: true }, n: { type: "integer" } });
    await T.sync();
    assert.equal((await T.createMany(range(40_000).map((id) => ({ id, n: id })))).length, 40_000);
    await assert.rejects(
      T.createMany([...range(40_000).map((id) => ({ id: id + 50_000 })), { id: 50_000 }]),
      {
        code: "QUERY_CONSTRAINT_FAILED",
      },
    );
    assert.equal(await T.count(), 40_000);
  });
});

describeEach("createMany([])", (dialect) => {
  it("has nothing to do, and resolves to no rows", async (context) => {
    const db = await connectTo(context, dialect);
    const T = defineModel(db, "t", { id: { type: "integer", primaryKey: true } });
    await T.sync();
    assert.deepEqual(await T.createMany([]), []);
    assert.deepEqual(
      await T.createMany(
        ""
          .split("\n")
          .filter(Boolean)
          .map(() => ({ id: 1 })),
      ),
      [],
    );
    assert.equal(await T.count(), 0);
  });
});

describeEach("a limit that is a parameter", (dialect) => {
  it("is one wherever it stands, and no literal that looks like it", async (context) => {
    const db = await connectTo(context, dialect);
    await db.createTable("t", { id: { type: "integer" }, note: { type: "text" } }).yield();
    await db
      .insert("t")
      .values(range(9).map((id) => ({ id, note: "a LIMIT ?" })))
      .yield();
    const first = (rows: readonly Row[]) => rows.map(({ id }) => id);
    const select = db.select("id").from("t").order("id");
    for (const limit of [0, 1, 2, 9, 50]) {
      assert.deepEqual(first(await select.limit(limit).yield()), range(Math.min(9, limit)));
      assert.deepEqual(first(await select.limit(limit).offset(3).yield()), range(9).slice(3, 3 + limit));
      assert.equal(
        (await db.query("SELECT id FROM t WHERE note = 'a LIMIT ?' LIMIT ?", [limit])).length,
        Math.min(9, limit),
      );
      assert.equal(
        (await db.query("SELECT id, ' LIMIT ?' AS x FROM t limit\n?", [limit])).length,
        Math.min(9, limit),
      );
      assert.equal(await db.from("t").in("id", select.limit(limit)).count().value(), Math.min(9, limit));
      const read: number[] = [];
      for await (const row of select.limit(limit).iterate()) read.push(row.id);
      assert.deepEqual(read, range(Math.min(9, limit)));
    }
    assert.deepEqual(await db.query("SELECT ' LIMIT ?' AS x FROM t LIMIT ?", [1]), [{ x: " LIMIT ?" }]);
    assert.match(select.limit(3).toSQL().sql, dialect === "pg" ? /LIMIT \$1$/ : /LIMIT \?$/);
  });
});

describeEach("a limit and an offset of a prepared query", (dialect) => {
  for (const value of [
    -1,
    1.5,
    Number.NaN,
    "1",
    null,
    2 ** 53,
    Number.POSITIVE_INFINITY,
    1n,
    true,
  ] as const) {
    it(`cannot be ${typeof value} ${value}`, async (context) => {
      const db = await connectTo(context, dialect);
      await db.createTable("t", { id: { type: "integer" } }).yield();
      await db
        .insert("t")
        .values([{ id: 1 }, { id: 2 }])
        .yield();
      const rows = db.from("t").order("id").limit(db.param("limit")).offset(db.param("offset")).prepare();
      assert.deepEqual(await rows.yield({ limit: 1, offset: 1 }), [{ id: 2 }]);
      const inner = db.select("id").from("t").limit(db.param("limit"));
      const nested = db.from("t").eq("id", db.param("id")).in("id", inner).prepare();
      const expected = { code: "QUERY_INVALID_ARGUMENT" };
      await assert.rejects(rows.yield({ limit: value, offset: 0 }), expected);
      await assert.rejects(rows.yield({ limit: 1, offset: value }), expected);
      await assert.rejects(nested.yield({ limit: value, id: 1 }), expected);
      assert.throws(() => rows.iterate({ limit: value, offset: 0 }), expected);
      assert.equal((await nested.yield({ limit: 2, id: -1 })).length, 0);
    });
  }
});
