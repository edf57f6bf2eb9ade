import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ColumnType, Parameter } from "@miqro/query";
import fc from "fast-check";
import { connect, withoutSqlite } from "./support/sqlite.js";

const json = fc.jsonValue({ noUnicodeString: false });

describe("columns", { skip: withoutSqlite }, () => {
  const cases: {
    type: ColumnType;
    values: fc.Arbitrary<unknown>;
    toParameter?: (value: unknown) => Parameter;
  }[] = [
    { type: "integer", values: fc.maxSafeInteger() },
    { type: "bigint", values: fc.maxSafeInteger() },
    { type: "real", values: fc.double({ noNaN: true }).filter((value) => !Object.is(value, -0)) },
    { type: "text", values: fc.string({ unit: "grapheme" }) },
    { type: "string", values: fc.string() },
    { type: "uuid", values: fc.uuid() },
    { type: "boolean", values: fc.boolean() },
    {
      type: "datetime",
      values: fc.date({
        min: new Date("0000-01-01T00:00:00Z"),
        max: new Date("9999-12-31T23:59:59.999Z"),
        noInvalidDate: true,
      }),
    },
    { type: "blob", values: fc.uint8Array().map((bytes) => Buffer.from(bytes)) },
    {
      type: "json",
      // JSON itself has no -0.
      values: json.map((value) => JSON.parse(JSON.stringify(value))),
      toParameter: (value) => JSON.stringify(value),
    },
  ];
  for (const { type, values, toParameter = (value: unknown) => value as Parameter } of cases) {
    it(`give the values of ${type} back, and null`, async (context) => {
      const db = await connect(context);
      await db.createTable("t", { value: { type } }).yield();
      await fc.assert(
        fc.asyncProperty(values, async (value) => {
          const row = await db
            .insert("t")
            .values({ value: toParameter(value) })
            .returning()
            .first();
          assert.deepEqual(row, { value });
        }),
        { numRuns: 100 },
      );
      assert.deepEqual(await db.insert("t").values({ value: null }).returning().first(), { value: null });
    });
  }
});

describe("datetime", { skip: withoutSqlite }, () => {
  it("sorts and compares with CURRENT_TIMESTAMP", async (context) => {
    const db = await connect(context);
    await db.createTable("t", { at: { type: "datetime" } }).yield();
    await db
      .insert("t")
      .values([{ at: new Date(Date.now() - 60_000) }, { at: new Date(Date.now() + 60_000) }])
      .yield();
    const past = await db.select().from("t").lt("at", db.raw("CURRENT_TIMESTAMP")).yield();
    assert.equal(past.length, 1);
    assert.ok(past[0]?.at < new Date());
  });

  it("is read from every form in which others write it", async (context) => {
    const db = await connect(context);
    await db.query("CREATE TABLE t (at TIMESTAMP)");
    const read = async (text: Parameter) =>
      (await db.insert("t").values({ at: text }).returning().first())?.at;
    assert.deepEqual(await read("2024-02-03 04:05:06"), new Date("2024-02-03T04:05:06Z"));
    assert.deepEqual(await read("2024-02-03"), new Date("2024-02-03T00:00:00Z"));
    assert.deepEqual(await read("2024-02-03T04:05:06.007Z"), new Date("2024-02-03T04:05:06.007Z"));
    assert.deepEqual(await read("2024-02-03T04:05:06+02:00"), new Date("2024-02-03T02:05:06Z"));
    assert.deepEqual(await read(1000), new Date(1000));
    await assert.rejects(read("soon"), { code: "QUERY_UNREADABLE_VALUE", message: /"at" .* "soon"/ });
  });
});

describe("json", { skip: withoutSqlite }, () => {
  it("rejects text that is none, and names the column", async (context) => {
    const db = await connect(context);
    await db.query("CREATE TABLE t (data JSON)");
    await db.insert("t").values({ data: "{" }).yield();
    await assert.rejects(db.select().from("t").yield(), {
      code: "QUERY_UNREADABLE_VALUE",
      message: /"data"/,
    });
  });
});

describe("bigint", { skip: withoutSqlite }, () => {
  const large = 2n ** 63n - 1n;

  it("comes back in the form that the database was told", async (context) => {
    for (const [mode, expected] of [
      ["bigint", large],
      ["string", String(large)],
    ] as const) {
      const db = await connect(context, { bigint: mode });
      await db
        .createTable("t", { id: { type: "integer" }, n: { type: "bigint" }, ok: { type: "boolean" } })
        .yield();
      const row = await db.insert("t").values({ id: 7, n: large, ok: true }).returning().first();
      assert.deepEqual(row, { id: 7, n: expected, ok: true });
    }
  });

  it("is an error where it does not fit in a number", async (context) => {
    const db = await connect(context);
    await db.createTable("t", { n: { type: "bigint" } }).yield();
    await db.insert("t").values({ n: large }).yield();
    await assert.rejects(db.select().from("t").yield(), {
      code: "QUERY_UNREADABLE_VALUE",
      message: /bigint: "bigint"/,
    });
  });
});
