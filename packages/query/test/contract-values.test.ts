import assert from "node:assert/strict";
import { it } from "node:test";
import type { BigintMode, ColumnType, Parameter } from "@miqro/query";
import fc from "fast-check";
import { connectTo, describeEach } from "./support/dialects.js";

// PostgreSQL has no NUL in text.
const text = fc.string({ unit: "binary" }).map((value) => value.replaceAll("\0", ""));
const json = fc
  .jsonValue({ noUnicodeString: false })
  .map((value) => JSON.parse(JSON.stringify(value).replaceAll("\\u0000", "")));

const cases: readonly {
  readonly type: ColumnType;
  readonly values: fc.Arbitrary<unknown>;
  readonly bigint?: BigintMode;
  readonly toParameter?: (value: unknown) => Parameter;
}[] = [
  { type: "integer", values: fc.integer() },
  { type: "bigint", values: fc.maxSafeInteger() },
  { type: "bigint", values: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), bigint: "bigint" },
  {
    type: "bigint",
    values: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
    bigint: "string",
    toParameter: (value) => BigInt(value as string),
  },
  { type: "real", values: fc.double({ noNaN: true }).map((value) => value + 0 || 0) },
  { type: "decimal", values: fc.integer().map((value) => `${value}.25`) },
  { type: "text", values: text },
  { type: "boolean", values: fc.boolean() },
  {
    type: "datetime",
    values: fc.date({
      min: new Date("0000-01-01T00:00:00Z"),
      max: new Date("9999-12-31T23:59:59.999Z"),
      noInvalidDate: true,
    }),
  },
  {
    type: "date",
    values: fc
      .date({
        min: new Date("0001-01-01T00:00:00Z"),
        max: new Date("9999-12-31T23:59:59.999Z"),
        noInvalidDate: true,
      })
      .map((date) => date.toISOString().slice(0, 10)),
  },
  { type: "blob", values: fc.uint8Array().map((bytes) => Buffer.from(bytes)) },
  { type: "uuid", values: fc.uuid() },
  { type: "json", values: json, toParameter: (value) => JSON.stringify(value) },
];

describeEach("values", (dialect) => {
  for (const {
    type,
    values,
    bigint = "number",
    toParameter = (value: unknown) => value as Parameter,
  } of cases) {
    it(`of ${type} come back as they went (${bigint})`, async (context) => {
      const db = await connectTo(context, dialect, { bigint });
      await db.createTable("t", { value: { type }, n: { type: "integer" } }).yield();
      let n = 0;
      await fc.assert(
        fc.asyncProperty(values, async (value) => {
          const row = { value: toParameter(value), n: ++n };
          const expected = { value, n };
          assert.deepEqual(await db.insert("t").values(row).returning().first(), expected);
          assert.deepEqual(await db.select("value", "n").from("t").eq("n", n).first(), expected);
          assert.deepEqual(await db.query("SELECT value FROM t WHERE n = ?", [n]), [{ value }]);
          if (type !== "json" && type !== "real") {
            assert.equal(
              await db
                .from("t")
                .count()
                .eq("value", toParameter(value) as string)
                .eq("n", n)
                .value(),
              1,
            );
          }
        }),
        { numRuns: 60 },
      );
      assert.deepEqual(await db.insert("t").values({ value: null }).returning("value").first(), {
        value: null,
      });
    });
  }

  it("of every kind fit the places of a statement", async (context) => {
    const db = await connectTo(context, dialect);
    await db
      .createTable("t", { at: { type: "datetime" }, n: { type: "bigint" }, ok: { type: "boolean" } })
      .yield();
    const at = new Date("2024-03-31T01:30:00.123Z");
    await db
      .insert("t")
      .values({ at, n: 2 ** 40, ok: true })
      .yield();
    assert.deepEqual(
      await db
        .select()
        .from("t")
        .eq("at", at)
        .eq("n", 2n ** 40n)
        .eq("ok", true)
        .yield(),
      [{ at, n: 2 ** 40, ok: true }],
    );
    assert.equal(
      await db
        .from("t")
        .count()
        .lt("at", new Date(at.getTime() + 1))
        .gt("at", new Date(at.getTime() - 1))
        .value(),
      1,
    );
  });

  it("that are moments meet the days of a column, through whatever names a statement reaches it", async (context) => {
    const db = await connectTo(context, dialect);
    await db
      .createTable("t", { id: { type: "integer" }, day: { type: "date" }, at: { type: "datetime" } })
      .yield();
    const at = new Date("2024-03-31T22:30:00.000Z");
    await db.insert("t").values({ id: 1, day: at, at }).yield();
    await db
      .insert("t")
      .values({ id: 2, day: "2024-04-01", at: new Date(0) })
      .yield();
    const days = db.from("t").select("id", "day", "at");
    const named = db.with("w", days).with("v", db.select("id", "day as d", "at").from("w"));
    const ways: Record<string, { eq(column: string, value: Date): { yield(): Promise<unknown[]> } }> = {
      "t.day": db.from("t").select("t.id"),
      "a.day": db.from("t", "a").select("a.id"),
      "b.day": db.from("t", "a").join(["t", "b"], "a.id", "=", "b.id").select("a.id"),
      day: db.select("id").from(days, "x"),
      "x.day": db.select("x.id").from(db.from("t"), "x"),
      "x.d": db.select("x.id").from(db.from("t").select("id", "t.day as d"), "x"),
      "y.day": db.select("y.id").from(db.from(db.from("t", "a").select("a.*") as never, "x"), "y"),
      "u.day": db.select("u.id").from(days.union(days), "u"),
      "w.day": named.select("w.id").from("w"),
      "v.d": named.select("v.id").from("v"),
      "z.d": named.select("z.id").from("v", "z").join("t", "t.id", "=", "z.id"),
      d: named.select("id").from("v"),
    };
    for (const [column, statement] of Object.entries(ways)) {
      assert.deepEqual(await statement.eq(column, at).yield(), [{ id: 1 }], column);
    }
    // A name that now means a moment compares moments.
    const moments = db.select("x.id").from(db.from("t").select("id", "at as day"), "x");
    assert.deepEqual(await moments.eq("x.day", at).yield(), [{ id: 1 }]);
    const list = Array.from({ length: 1500 }, () => at);
    assert.deepEqual(await named.select("id").from("v").in("d", list).yield(), [{ id: 1 }]);
    assert.equal(
      await db.update("t").set({ id: 3 }).in("id", named.select("id").from("v").eq("d", at)).affected(),
      1,
    );
  });

  it("of min and max have the type of their column, through whatever names a statement reaches it", async (context) => {
    const kinds: Partial<Record<ColumnType, readonly [low: unknown, high: unknown]>> = {
      integer: [-5, 7],
      bigint: [-(2 ** 40), 2 ** 53 - 1],
      real: [-0.5, 1e300],
      text: ["", "z"],
      datetime: [new Date("1999-12-31T23:59:59.999Z"), new Date("2024-03-31T01:30:00Z")],
      date: ["1999-12-31", "2024-02-29"],
    };
    for (const bigint of ["number", "bigint"] as const) {
      const db = await connectTo(context, dialect, { bigint });
      const columns = Object.fromEntries(
        Object.keys(kinds).map((type) => [type, { type: type as ColumnType }]),
      );
      await db.createTable("t", columns).yield();
      for (const at of [0, 1, 0]) {
        const row = Object.entries(kinds).map(([type, pair]) => [type, pair[at]]);
        await db.insert("t").values(Object.fromEntries(row)).yield();
      }
      for (const [type, pair] of Object.entries(kinds)) {
        const isWide = type === "bigint" && bigint === "bigint";
        const [low, high] = isWide ? pair.map((value) => BigInt(value as number)) : pair;
        const extremes = db.from("t").min(type, "low").max(type, "high");
        // The same SQL of another origin has no column behind it. Both stay apart, whichever comes first.
        for (let round = 0; round < 2; round++) {
          assert.deepEqual(await extremes.yield(), [{ low, high }], type);
          if (!isWide) await db.query(extremes.toSQL().sql);
        }
        assert.deepEqual(await db.from("t", "a").max(`a.${type}`, "high").value(), high, type);
        const inner = db.from("t").select(`${type} as x`);
        assert.deepEqual(await db.select().from(inner, "d").min("d.x", "low").value(), low, type);
        assert.deepEqual(await db.with("w", inner).from("w").max("x", "high").prepare().value(), high, type);
        const rows: unknown[] = [];
        for await (const row of db.from("t").max(type, "high").iterate()) rows.push(row);
        assert.deepEqual(rows, [{ high }], type);
        assert.deepEqual(await db.from("t").isNull(type).max(type, "high").value(), null, type);
      }
    }
  });

  it("that are too large for a number are an error, or what the database was told", async (context) => {
    const db = await connectTo(context, dialect);
    await db.createTable("t", { n: { type: "bigint" } }).yield();
    await db
      .insert("t")
      .values({ n: 2n ** 63n - 1n })
      .yield();
    const unreadable = {
      name: "StatementError",
      code: "QUERY_UNREADABLE_VALUE",
      message: /bigint: "bigint"/,
    };
    await assert.rejects(db.select().from("t").yield(), unreadable);
    await assert.rejects(db.query("SELECT n AS other FROM t"), unreadable);
  });

  it("are refused where no dialect could hold them", async (context) => {
    const db = await connectTo(context, dialect);
    await db.createTable("t", { value: { type: "text" } }).yield();
    for (const value of [
      Number.NaN,
      new Date(Number.NaN),
      new Date("+010000-01-01"),
      2n ** 63n,
      {},
      [],
      () => 1,
      Symbol("x"),
    ]) {
      assert.throws(() => db.insert("t").values({ value: value as never }), {
        code: "QUERY_INVALID_ARGUMENT",
      });
    }
  });
});
