import assert from "node:assert/strict";
import { it } from "node:test";
import { type ColumnType, type Database, defineModel, type Model } from "@miqro/query";
import { connectTo, describeEach } from "./support/dialects.js";

const noon = new Date("2024-05-31T12:00:00.000Z");
const uuid = "9b2f6d0e-0c0a-4f6e-8a44-5f6f0e0a1b2c";

/** Values, also of other types than their column, and the values that a column returns for them. */
const accepted: readonly (readonly [type: ColumnType, given: unknown, returned: unknown])[] = [
  ["boolean", true, true],
  ["boolean", "true", true],
  ["boolean", "false", false],
  ["boolean", "F", false],
  ["boolean", "off", false],
  ["boolean", "0", false],
  ["boolean", 0, false],
  ["boolean", 1, true],
  ["integer", "7", 7],
  ["integer", "-0012", -12],
  ["integer", 12n, 12],
  ["bigint", "9007199254740991", 9007199254740991],
  ["bigint", 12n, 12],
  ["real", "1.5", 1.5],
  ["real", "-1e3", -1000],
  ["real", 2n, 2],
  ["decimal", 1 / 3, "0.3333333333333333"],
  ["decimal", "1.10", "1.10"],
  ["decimal", 12n, "12"],
  ["text", 1 / 3, "0.3333333333333333"],
  ["text", 2 ** 60, "1152921504606847000"],
  ["string", 1e21, "1e+21"],
  ["text", 5, "5"],
  ["datetime", noon, noon],
  ["datetime", "2024-05-31T12:00:00Z", noon],
  ["datetime", "2024-05-31t12:00:00z", noon],
  ["datetime", "2024-05-31T12:00Z", noon],
  ["datetime", "2024-05-31 12:00:00", noon],
  ["datetime", "2024-05-31T14:00:00+02:00", noon],
  ["datetime", "2024-05-31 14:00:00+02", noon],
  ["datetime", "2024-05-31T12:00:00.000999Z", noon],
  ["datetime", "2024-05-31", new Date("2024-05-31T00:00:00.000Z")],
  ["datetime", "0000-02-29T00:00:00.001Z", new Date("0000-02-29T00:00:00.001Z")],
  ["date", "2024-02-29", "2024-02-29"],
  ["date", "2024-02-29T23:59:59Z", "2024-02-29"],
  ["date", new Date("2024-02-29T23:30:00-05:00"), "2024-03-01"],
  ["uuid", uuid, uuid],
];

/** Values that no column of the type can contain. SQLite itself would store all of them. */
const refused: readonly (readonly [type: ColumnType, given: unknown])[] = [
  ["boolean", "maybe"],
  ["boolean", ""],
  ["boolean", 2],
  ["boolean", noon],
  ["integer", 1.5],
  ["integer", "1.5"],
  ["integer", "x"],
  ["integer", ""],
  ["integer", true],
  ["integer", noon],
  ["bigint", 2 ** 60],
  ["bigint", 0.1],
  ["real", "x"],
  ["real", true],
  ["real", ""],
  ["decimal", "1,5"],
  ["decimal", true],
  ["datetime", 1717156800000],
  ["datetime", "nope"],
  ["datetime", "2024-02-30T00:00:00Z"],
  ["datetime", "2024-05-31T25:00:00Z"],
  ["datetime", true],
  ["date", "2023-02-29"],
  ["date", "31.05.2024"],
  ["date", 20240531],
  ["uuid", "zz"],
  ["uuid", ""],
];

const id = { type: "integer", primaryKey: true, autoIncrement: true } as const;

// biome-ignore lint/suspicious/noExplicitAny: the table gives values of other types than those of the column
async function createModel(db: Database, type: ColumnType): Promise<Model<any>> {
  const model = defineModel(db, `t_${type}`, { id, value: { type } });
  await model.sync();
  return model;
}

describeEach("a value of a model", (dialect) => {
  it("is stored as its column has it, and found by the value that the column returns", async (context) => {
    const db = await connectTo(context, dialect);
    for (const [type, given, returned] of accepted) {
      const message = `${type} ${String(given)}`;
      const model = await createModel(db, type);
      const created = await model.create({ value: given });
      assert.deepEqual(created.value, returned, message);
      assert.deepEqual((await model.findById(created.id))?.value, returned, message);
      const found = model
        .where()
        .eq("id", created.id)
        .eq("value", returned as string);
      assert.equal(await model.count(found), 1, message);
      if (type === "text" || type === "decimal") {
        const same = model
          .where()
          .eq("id", created.id)
          .eq("value", given as number);
        assert.equal(await model.count(same), 1, message);
      }
      await model.updateAll({ value: given }, found);
      assert.deepEqual((await model.upsert({ id: created.id, value: given })).value, returned, message);
    }
  });

  it("that its column cannot contain is refused before it is written", async (context) => {
    const db = await connectTo(context, dialect);
    for (const [type, given] of refused) {
      const model = await createModel(db, type);
      await assert.rejects(
        model.create({ value: given }),
        (error: Error & { code: string }) =>
          error.code === "QUERY_INVALID_ARGUMENT" && error.message.includes(`of the type "${type}" takes`),
        `${type} ${String(given)}`,
      );
      assert.equal(await model.count(), 0);
    }
  });

  it("follows the same rules as the default of a column", async (context) => {
    const db = await connectTo(context, dialect);
    await db
      .createTable("d", {
        id,
        ok: { type: "boolean", default: "false" },
        at: { type: "datetime", default: "2024-05-31T12:00:00Z" },
      })
      .yield();
    await db.insert("d").values({}).yield();
    assert.deepEqual(await db.from("d").yield(), [{ id: 1, ok: false, at: noon }]);
    assert.throws(() => db.createTable("e", { n: { type: "integer", default: "x" } }), {
      code: "QUERY_INVALID_ARGUMENT",
    });
  });
});

describeEach("a fraction in a column of text", (dialect) => {
  it("has the same digits from every builder, and is found by itself", async (context) => {
    const db = await connectTo(context, dialect);
    for (const type of ["text", "decimal"] as const) {
      const table = `f_${type}`;
      await db.createTable(table, { id, value: { type } }).yield();
      for (const number of [1 / 3, 2 / 3, 0.1 + 0.2, 1e21, 5e-324, 2 ** 60, -1.5]) {
        const [row] = await db.insert(table).values({ value: number }).returning().yield();
        const message = `${type} ${number}`;
        if (type === "text") assert.equal(row?.value, String(number), message);
        assert.equal(await db.from(table).eq("value", number).count().value(), 1, message);
        assert.equal(await db.from(table).in("value", [number, 7.5]).count().value(), 1, message);
        assert.equal(await db.update(table).set({ value: number }).eq("value", number).affected(), 1);
      }
    }
  });
});

describeEach("a string for a column of times or days", (dialect) => {
  const later = new Date("2024-05-31T13:00:00.500Z");
  // Each of them is noon of this day.
  const texts = [
    "2024-05-31T12:00:00Z",
    "2024-05-31t12:00:00.000z",
    "2024-05-31T14:00:00+02:00",
    "2024-05-31 07:00:00-05",
    "2024-06-01T01:00:00.000+13:00",
  ];

  it("means the same as its Date, wherever it is written or compared", async (context) => {
    const db = await connectTo(context, dialect);
    await db.createTable("w", { id, at: { type: "datetime" }, day: { type: "date" } }).yield();
    await db.insert("w").values({ at: later, day: "2024-06-30" }).yield();
    for (const text of texts) {
      const [row] = await db.insert("w").values({ at: text, day: text }).returning().yield();
      assert.deepEqual([row?.at, row?.day], [noon, text.slice(0, 10)], text);
      const one = db.from("w").eq("id", row?.id);
      const found = {
        eq: one.eq("at", text),
        Date: one.eq("at", noon),
        in: one.in("at", [text, "1999-01-01T00:00:00Z"]),
        "a long in": one.in("at", [...Array.from({ length: 1500 }, () => "1999-01-01T00:00:00Z"), text]),
        lte: one.lte("at", text),
        gte: one.gte("at", text),
        between: one.between("at", text, later),
        day: one.eq("day", text),
        "a long in of days": one.in("day", [...Array.from({ length: 1500 }, () => "1999-01-01"), text]),
        join: db.from("w", "a").join(["w", "b"], "a.id", "=", "b.id").eq("b.at", text).eq("a.id", row?.id),
      };
      for (const [name, select] of Object.entries(found)) {
        assert.equal(await select.count().value(), 1, `${name} ${text}`);
      }
      assert.equal(await one.gt("at", text).count().value(), 0, text);
      assert.equal(await one.neq("at", text).count().value(), 0, text);
      const set = db.update("w").set({ at: text, day: text }).eq("id", row?.id);
      assert.deepEqual(await set.returning("at", "day").yield(), [{ at: noon, day: text.slice(0, 10) }]);
      const times = await db.from("w").order("at").select("at").yield();
      assert.deepEqual(times.at(-1)?.at, later, text);
    }
  });

  it("is text like any other in a column of text", async (context) => {
    const db = await connectTo(context, dialect);
    await db.createTable("w", { id, note: { type: "text" } }).yield();
    for (const text of [...texts, "2024-05-31", "aaaa-bb-cc dd"]) {
      const [row] = await db.insert("w").values({ note: text }).returning("note").yield();
      assert.equal(row?.note, text);
      assert.equal(await db.from("w").eq("note", text).count().value(), 1);
    }
  });
});
