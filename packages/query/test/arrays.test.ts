import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ArrayType, Database, defineModel } from "@miqro/query";
import { connectTo, missing } from "./support/dialects.js";

const moment = new Date("2024-02-03T04:05:06.789Z");

const arrays: readonly {
  readonly type: ArrayType;
  readonly values: readonly unknown[][];
  readonly sql: string;
}[] = [
  {
    type: "text[]",
    sql: "text[]",
    values: [[], ["a"], ["", "NULL", "null", 'q"', "b\\s", "{x}", "a,b", " sp ", "é🙂\n"]],
  },
  { type: "string[]", sql: "text[]", values: [["x", null, "y"]] },
  { type: "integer[]", sql: "integer[]", values: [[1, -2, 0], [null]] },
  { type: "bigint[]", sql: "bigint[]", values: [[2 ** 53 - 1, -7]] },
  { type: "real[]", sql: "double precision[]", values: [[0.1, 1e300, Number.POSITIVE_INFINITY]] },
  { type: "decimal[]", sql: "numeric[]", values: [["1.50", "-0.001"]] },
  { type: "boolean[]", sql: "boolean[]", values: [[true, false, null]] },
  { type: "datetime[]", sql: "timestamptz[]", values: [[moment, new Date(0)]] },
  { type: "date[]", sql: "date[]", values: [["2024-02-03", "0001-01-01"]] },
  { type: "uuid[]", sql: "uuid[]", values: [["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"]] },
  {
    type: "integer[]",
    sql: "integer[]",
    values: [
      [
        [1, 2],
        [3, null],
      ],
      [[[1]], [[2]]],
    ],
  },
  {
    type: "text[]",
    sql: "text[]",
    values: [
      [
        ["a", "}"],
        ["{", '"'],
      ],
    ],
  },
];

/** Array types of PostgreSQL that this package does not declare: its SQL, and what is read. */
const others: readonly (readonly [type: string, literal: string, value: unknown])[] = [
  ["mood[]", '{sad,"very happy",NULL}', ["sad", "very happy", null]],
  ["mood[]", "{}", []],
  ["mood[]", "{{sad},{sad}}", [["sad"], ["sad"]]],
  ["positive[]", "{1,2}", [1, 2]],
  ["wide[]", "{5,NULL}", [5, null]],
  ["place[]", '{"(1,a)","(2,\\"b c\\")"}', ["(1,a)", '(2,"b c")']],
  ["int4range[]", '{"[1,3)"}', ["[1,3)"]],
  ["macaddr[]", "{08:00:2b:01:02:03}", ["08:00:2b:01:02:03"]],
  ["bit[]", "{1,0}", ["1", "0"]],
  ["point[]", '{"(1,2)"}', ["(1,2)"]],
  ["mood", "sad", "sad"],
  ["positive", "7", 7],
];

describe("arrays of types that this package does not declare", { skip: missing.pg }, () => {
  for (const pooler of [false, true]) {
    it(`are read as arrays${pooler ? ", with pooler" : ""}`, async (context) => {
      const db = await connectTo(context, "pg", { pooler });
      await db.query("CREATE TYPE mood AS ENUM ('sad', 'very happy')");
      await db.query("CREATE DOMAIN positive AS integer CHECK (VALUE > 0)");
      await db.query("CREATE DOMAIN wide AS bigint");
      await db.query("CREATE TYPE place AS (x integer, name text)");
      for (const [type, literal, value] of others) {
        await db.dropTable("o", { ifExists: true }).yield();
        await db.query(`CREATE TABLE o (id integer, value ${type})`);
        const [inserted] = await db.insert("o").values({ id: 1, value: literal }).returning("value").yield();
        assert.deepEqual(inserted, { value }, type);
        const rows: unknown[] = [];
        for await (const row of db.from("o").select("value").iterate()) rows.push(row);
        assert.deepEqual(rows, [{ value }], type);
        await db.transaction(async (tx) => {
          assert.deepEqual(await tx.query("SELECT value FROM o"), [{ value }], type);
          assert.deepEqual(await tx.from("o").eq("id", 1).first(), { id: 1, value }, type);
        });
      }
      const many = await Promise.all(Array.from({ length: 20 }, () => db.query("SELECT value FROM o")));
      assert.deepEqual(
        many.map(([row]) => row?.value),
        many.map(() => 7),
      );
    });
  }
});

describe("arrays of PostgreSQL", { skip: missing.pg }, () => {
  for (const { type, sql, values } of arrays) {
    for (const value of values) {
      it(`of type ${type} come back as ${JSON.stringify(value)}`, async (context) => {
        const db = await connectTo(context, "pg");
        const T = defineModel(db, "t", {
          id: { type: "integer", primaryKey: true },
          value: { type, default: value },
        });
        await T.sync();
        const row = { id: 1, value };
        assert.deepEqual(await T.create(row as never), row);
        assert.deepEqual(await T.create({ id: 2 }), { id: 2, value });
        assert.deepEqual(await T.create({ id: 3, value: null }), { id: 3, value: null });
        assert.equal(await T.updateAll({ value } as never, T.where().eq("id", 3)), 1);
        await db
          .insert("t")
          .values({ id: 4, value: db.array(value as never) })
          .yield();
        assert.equal(
          await db
            .from("t")
            .eq("value", db.array(value as never))
            .count()
            .value(),
          4,
        );
        assert.deepEqual(
          (await db.query("SELECT value FROM t WHERE value = ?", [db.array(value as never)])).length,
          4,
        );
        assert.deepEqual(await db.query(`SELECT ?::${sql} AS value`, [db.array(value as never)]), [
          { value },
        ]);
      });
    }
  }

  it("are read in tables that others made, whatever they are of", async (context) => {
    const db = await connectTo(context, "pg");
    assert.deepEqual(
      await db.query(
        "SELECT ARRAY['a','b']::varchar[] AS a, '[0:1]={1,2}'::int[] AS b, ARRAY['{\"x\": [1]}']::jsonb[] AS c, " +
          "ARRAY['\\x00ff']::bytea[] AS d, ARRAY['12:30']::time[] AS e, '{}'::int[] AS f, NULL::int[] AS g, " +
          "'{infinity}'::timestamptz[] AS h, ARRAY[1.5]::float4[] AS i",
      ),
      [
        {
          a: ["a", "b"],
          b: [1, 2],
          c: [{ x: [1] }],
          d: [Buffer.from([0, 255])],
          e: ["12:30:00"],
          f: [],
          g: null,
          h: [Number.POSITIVE_INFINITY],
          i: [1.5],
        },
      ],
    );
  });

  it("answer to = ANY and to containment", async (context) => {
    const db = await connectTo(context, "pg");
    const Post = defineModel(db, "posts", {
      id: { type: "integer", primaryKey: true },
      tags: { type: "text[]", notNull: true },
    });
    await Post.sync();
    await Post.createMany([
      { id: 1, tags: ["a", "b"] },
      { id: 2, tags: ["b"] },
    ]);
    const ids = async (sql: string, ...params: never[]) =>
      (
        await Post.findAll(
          Post.where()
            .whereRaw(sql, ...params)
            .order("id"),
        )
      ).map(({ id }) => id);
    assert.deepEqual(await ids("? = ANY(tags)", "a" as never), [1]);
    assert.deepEqual(await ids("tags @> ?", db.array(["b"]) as never), [1, 2]);
    assert.deepEqual(await ids("id = ANY(?)", db.array([2, 3]) as never), [2]);
    const tags: string[] | undefined = (await Post.findOne())?.tags;
    assert.deepEqual(tags, ["a", "b"]);
  });

  it("have types in a schema", async (context) => {
    const db = (await connectTo(context, "pg")) as unknown as Database<{
      t: { id: number; tags: string[] | null };
    }>;
    await db.createTable("t", { id: { type: "integer" }, tags: { type: "text[]" } }).yield();
    await db
      .insert("t")
      .values({ id: 1, tags: db.array(["a"]) })
      .yield();
    await db
      .update("t")
      .set({ tags: db.array(["a", "b"]) })
      .eq("tags", db.array(["a"]))
      .yield();
    const tags: string[] | null | undefined = (await db.from("t").select("tags").first())?.tags;
    assert.deepEqual(tags, ["a", "b"]);
    const columns = {
      id: { type: "integer" },
      tags: { type: "text[]" },
      at: { type: "datetime[]", notNull: true },
    } as const;
    const T = defineModel(db, "u", columns);
    await T.sync();
    const row: { id: number | null; tags: string[] | null; at: Date[] } = await T.create({ at: [moment] });
    assert.deepEqual(row, { id: null, tags: null, at: [moment] });
  });

  it("are asked for where one value is expected, so that input cannot become one", async (context) => {
    const db = await connectTo(context, "pg");
    const T = defineModel(db, "t", { id: { type: "integer", primaryKey: true }, tags: { type: "text[]" } });
    await T.sync();
    const refused = { code: "QUERY_INVALID_ARGUMENT" };
    assert.throws(() => db.insert("t").values({ tags: ["a"] as never }), refused);
    assert.throws(() => db.from("t").eq("tags", ["a"] as never), refused);
    await assert.rejects(T.create({ id: 1, tags: "a" as never }), {
      ...refused,
      message: /"tags" must be an array/,
    });
    await assert.rejects(T.create({ id: 1, tags: [{}] as never }), { ...refused, message: /element 0/ });
    assert.throws(() => db.array("a" as never), refused);
  });
});

describe("arrays of SQLite", () => {
  it("are no columns", () => {
    const create = new Database().createTable("t", { tags: { type: "text[]" } });
    assert.throws(() => create.toSQL(), { code: "QUERY_NOT_SUPPORTED", message: /json/ });
  });

  it("are JSON where they are parameters", async (context) => {
    const db = await connectTo(context, "sqlite3");
    assert.deepEqual(
      await db.query("SELECT value FROM json_each(?)", [db.array([1, "a", null, 2n ** 60n, true, 0.5])]),
      [{ value: 1 }, { value: "a" }, { value: null }, { value: 2 ** 60 }, { value: 1 }, { value: 0.5 }],
    );
  });
});
