import assert from "node:assert/strict";
import { it } from "node:test";
import { type ColumnOptions, type Database, defineModel, type Parameter, type Row } from "@miqro/query";
import { connectTo, describeEach } from "./support/dialects.js";

interface Written {
  readonly type: ColumnOptions["type"];
  /** SQL by which the database writes the value, and by which PostgreSQL does where that is another. */
  readonly sql: string;
  readonly pgSql?: string;
  /** What this package writes; by default the value that a row has. */
  readonly parameter?: Parameter;
  readonly value: unknown;
}

const moment = new Date("2024-02-03T04:05:06Z");
const fraction = new Date("2024-02-03T04:05:06.789Z");

/** Each type as the database writes it, and as this package does. */
const writers: readonly Written[] = [
  { type: "integer", sql: "40 + 2", value: 42 },
  { type: "bigint", sql: "9007199254740991", value: 9007199254740991 },
  { type: "real", sql: "0.1", value: 0.1 },
  { type: "real", sql: "1e300", value: 1e300 },
  { type: "decimal", sql: "'1.50'", value: "1.50" },
  { type: "text", sql: "'a' || 'b'", value: "ab" },
  { type: "string", sql: "'42'", value: "42" },
  { type: "boolean", sql: "TRUE", value: true },
  { type: "boolean", sql: "1 = 2", value: false },
  { type: "datetime", sql: "'2024-02-03 04:05:06'", value: moment },
  { type: "datetime", sql: "'2024-02-03 04:05:06.789'", value: fraction },
  { type: "date", sql: "'2024-02-03'", value: "2024-02-03" },
  { type: "date", sql: "'2024-02-03'", parameter: moment, value: "2024-02-03" },
  { type: "date", sql: "'2024-02-03'", parameter: fraction, value: "2024-02-03" },
  {
    type: "blob",
    sql: "x'0000ff'",
    pgSql: "'\\x0000ff'::bytea",
    parameter: new Uint8Array([0, 0, 255]),
    value: Buffer.from([0, 0, 255]),
  },
  { type: "real", sql: "-2.5e-7", value: -2.5e-7 },
  { type: "bigint", sql: "-7", parameter: -7n, value: -7 },
  { type: "json", sql: `'{"a":[1,null]}'`, parameter: '{"a":[1,null]}', value: { a: [1, null] } },
  {
    type: "uuid",
    sql: "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'",
    value: "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
  },
];

async function idsOf(rows: Promise<readonly Row[]>): Promise<number[]> {
  return (await rows).map(({ id }) => id);
}

describeEach("a column that the database and this package write", (dialect) => {
  for (const { type, sql: sqliteSql, pgSql = sqliteSql, value, parameter = value as Parameter } of writers) {
    const sql = dialect === "pg" ? pgSql : sqliteSql;
    it(`of type ${type} holds ${sql} in one form`, async (context) => {
      const db = await connectTo(context, dialect);
      await db
        .createTable("t", {
          id: { type: "integer" },
          value: { type },
          filled: { type, default: db.raw(sql) },
          given: { type, default: type === "json" ? value : parameter },
        })
        .yield();
      await db.insert("t").values({ id: 1, value: parameter }).yield();
      await db
        .insert("t")
        .values({ id: 2, value: db.raw(sql) })
        .yield();
      await db.insert("t").values({ id: 3, value: null }).yield();
      await db.update("t").set({ value: parameter }).eq("id", 3).yield();
      const rows = await db.from("t").order("id").yield();
      assert.deepEqual(
        rows,
        [1, 2, 3].map((id) => ({ id, value, filled: value, given: value })),
      );
      const found = db.select("id").from("t").order("id");
      for (const column of ["value", "filled", "given"]) {
        assert.deepEqual(await idsOf(found.eq(column, parameter as never).yield()), [1, 2, 3]);
        assert.deepEqual(await idsOf(found.in(column, [parameter] as never).yield()), [1, 2, 3]);
        const prepared = found.eq(column, db.param("value")).prepare();
        assert.deepEqual(await idsOf(prepared.yield({ value: parameter })), [1, 2, 3]);
        if (type === "boolean" || type === "json") continue;
        assert.deepEqual(await idsOf(found.gte(column, parameter as never).yield()), [1, 2, 3]);
        assert.deepEqual(await idsOf(found.lte(column, parameter as never).yield()), [1, 2, 3]);
        assert.deepEqual(await idsOf(found.lt(column, parameter as never).yield()), []);
        assert.deepEqual(
          await idsOf(found.between(column, parameter as never, parameter as never).yield()),
          [1, 2, 3],
        );
      }
      const distinct = await db.select("value").distinct().from("t").yield();
      assert.equal(distinct.length, 1);
    });
  }

  it("finds what CURRENT_TIMESTAMP wrote by its own Date", async (context) => {
    const db = await connectTo(context, dialect);
    const now = db.raw("CURRENT_TIMESTAMP");
    const Visit = defineModel(db, "visit", {
      id: { type: "integer", primaryKey: true, autoIncrement: true },
      at: { type: "datetime", default: now, notNull: true },
    });
    await Visit.sync();
    await Visit.create({});
    await db.insert("visit").values({ at: now }).yield();
    await db
      .insert("visit")
      .values({ id: 9, at: new Date(0) })
      .yield();
    await db.update("visit").set({ at: now }).eq("id", 9).yield();
    for (const { id, at } of await Visit.findAll()) {
      const found = async (method: "eq" | "gte" | "lte" | "lt" | "gt" | "neq") =>
        (await Visit.findAll(Visit.where().eq("id", id)[method]("at", at))).length;
      assert.deepEqual(
        [
          await found("eq"),
          await found("gte"),
          await found("lte"),
          await found("lt"),
          await found("gt"),
          await found("neq"),
        ],
        [1, 1, 1, 0, 0, 0],
      );
      assert.equal(await Visit.count(Visit.where().eq("id", id).in("at", [at])), 1);
      assert.equal(await Visit.updateAll({ at }, Visit.where().eq("at", at).eq("id", id)), 1);
    }
  });

  it("orders moments with and without milliseconds", async (context) => {
    const db = await connectTo(context, dialect);
    await db.createTable("t", { at: { type: "datetime" } }).yield();
    const moments = [0, 1, 10, 100, 999, 1000, 1001, 60_000].map((ms) => new Date(moment.getTime() + ms));
    await db
      .insert("t")
      .values(moments.toReversed().map((at) => ({ at })))
      .yield();
    assert.deepEqual(
      (await db.from("t").order("at").yield()).map(({ at }) => at),
      moments,
    );
    for (const [index, at] of moments.entries()) {
      assert.equal(await db.from("t").lt("at", at).count().value(), index);
      assert.equal(await db.from("t").lte("at", at).count().value(), index + 1);
    }
  });
});

/** Places in which a Date meets a column that is declared as date. */
const day = new Date("2024-12-31T23:30:00Z");
const dayPlaces: Readonly<Record<string, (db: Database) => Promise<readonly Row[]>>> = {
  "eq()": (db) => db.select("id").from("t").eq("day", day).yield(),
  "the name in other letters": (db) => db.select("id").from("t").eq("t.day", day).yield(),
  "an alias": (db) => db.select("x.id").from("t", "x").eq("x.day", day).yield(),
  "a join": (db) =>
    db.select("t.id").from("t").join(["t", "u"], "t.id", "=", "u.id").eq("u.day", day).yield(),
  "a group": (db) =>
    db
      .select("id")
      .from("t")
      .or((q) => q.eq("day", day).eq("id", 77))
      .yield(),
  "a subquery": (db) => db.select("id").from("t").in("id", db.select("id").from("t").eq("day", day)).yield(),
  "exists()": (db) =>
    db
      .select("id")
      .from("t")
      .exists(db.select("u.id").from("t", "u").on("u.id", "=", "t.id").eq("t.day", day))
      .yield(),
  "between()": (db) => db.select("id").from("t").between("day", day, day).yield(),
  "in() of many": (db) =>
    db
      .select("id")
      .from("t")
      .in("day", [...Array.from({ length: 1200 }, (_, index) => new Date(index * 86_400_000)), day])
      .yield(),
  "returning()": (db) => db.update("t").set({ day }).eq("day", day).returning("id").yield(),
};

describeEach("a Date in a date column", (dialect) => {
  it("is its day in UTC, whichever way it gets there", async (context) => {
    const db = await connectTo(context, dialect);
    const Day = defineModel(db, "t", {
      id: { type: "integer", primaryKey: true },
      day: { type: "date", default: day },
    });
    await Day.sync();
    await db.insert("t").values({ id: 1, day }).yield();
    await db.insert("t").values({ id: 2 }).yield();
    await Day.create({ id: 3, day: day as never });
    await Day.create({ id: 4, day: "2024-12-31T01:02:03Z" });
    await db
      .insert("t")
      .values({ id: db.param("id"), day: db.param("day") })
      .prepare()
      .yield({ id: 5, day });
    await db.insert("t").values({ id: 6, day: null }).yield();
    await db.update("t").set({ day }).eq("id", 6).yield();
    await db.insert("t").values({ id: 7, day: null }).onConflict("id").doUpdate({ day }).yield();
    await db.insert("t").values({ id: 7, day: null }).onConflict("id").doUpdate({ day }).yield();
    const rows = await db.from("t").order("id").yield();
    assert.deepEqual(
      rows.map(({ day: stored }) => stored),
      new Array(7).fill("2024-12-31"),
    );
    for (const [place, find] of Object.entries(dayPlaces)) {
      assert.deepEqual(
        (await find(db)).map(({ id }) => id).sort(),
        [1, 2, 3, 4, 5, 6, 7],
        `${place} in ${dialect}`,
      );
    }
    assert.equal(await Day.count(Day.where().eq("day", day as never)), 7);
    assert.equal(await Day.count(Day.where().gt("day", day as never)), 0);
  });

  it("is still a moment in a datetime column of the same table", async (context) => {
    const db = await connectTo(context, dialect);
    await db.createTable("t", { day: { type: "date" }, at: { type: "datetime" } }).yield();
    await db.insert("t").values({ day, at: day }).yield();
    assert.deepEqual(await db.from("t").eq("at", day).yield(), [{ day: "2024-12-31", at: day }]);
    await db.alterTable("t").renameColumn("day", "on").yield();
    await db.alterTable("t").renameColumn("at", "day").yield();
    assert.deepEqual(await db.from("t").eq("day", day).eq("on", day).yield(), [{ on: "2024-12-31", day }]);
  });
});
