import assert from "node:assert/strict";
import { it } from "node:test";
import { connectTo, describeEach, toSql } from "./support/dialects.js";

const columns = {
  id: { type: "integer", primaryKey: true, autoIncrement: true },
  name: { type: "string", notNull: true, unique: true },
  visits: { type: "integer", notNull: true, default: 0 },
} as const;

describeEach("writing", (dialect) => {
  const sql = (text: string) => toSql(dialect, text);

  it("inserts rows and gives back what was asked for", async (context) => {
    const db = await connectTo(context, dialect);
    await db.createTable("t", columns).yield();
    const insert = db.insert("t").values([{ name: "a" }, { name: "b" }]);
    assert.deepEqual(insert.toSQL(), {
      sql: sql("INSERT INTO `t` (`name`) VALUES (?), (?)"),
      params: ["a", "b"],
    });
    assert.deepEqual(await insert.yield(), []);
    const rows = await db
      .insert("t")
      .values({ name: "c", visits: db.raw("? + 4", 3) })
      .returning("id", "visits as v")
      .yield();
    assert.deepEqual(rows, [{ id: 3, v: 7 }]);
    assert.equal(
      await db
        .insert("t")
        .values([{ name: "d" }, { name: "e" }])
        .affected(),
      2,
    );
  });

  it("updates and deletes the rows of conditions, and counts them", async (context) => {
    const db = await connectTo(context, dialect);
    await db.createTable("t", columns).yield();
    await db
      .insert("t")
      .values([{ name: "a" }, { name: "b" }, { name: "c" }])
      .yield();
    const update = db
      .update("t")
      .set({ visits: db.raw("visits + ?", 2) })
      .neq("name", "c");
    assert.deepEqual(update.toSQL(), {
      sql: sql("UPDATE `t` SET `visits` = visits + ? WHERE `name` <> ?"),
      params: [2, "c"],
    });
    assert.equal(await update.affected(), 2);
    assert.deepEqual(
      await db.update("t").set({ visits: 9 }).eq("name", "a").returning("id", "visits").yield(),
      [{ id: 1, visits: 9 }],
    );
    const gone = await db.delete("t").gt("visits", 1).returning("name").yield();
    assert.deepEqual(gone.map((row) => row.name).sort(), ["a", "b"]);
    assert.equal(await db.deleteFrom("t").all().affected(), 1);
  });

  it("leaves or changes the row that is there", async (context) => {
    const db = await connectTo(context, dialect);
    await db.createTable("t", columns).yield();
    const insert = db.insert("t").values({ name: "a", visits: 5 });
    await insert.yield();
    const nothing = insert.onConflict("name").doNothing();
    assert.equal(
      nothing.toSQL().sql,
      sql("INSERT INTO `t` (`name`, `visits`) VALUES (?, ?) ON CONFLICT (`name`) DO NOTHING"),
    );
    assert.equal(await nothing.affected(), 0);
    assert.equal(await insert.onConflict().doNothing().affected(), 0);
    const update = db.insert("t").values({ name: "a", visits: 6 }).onConflict("name");
    assert.equal(
      update.doUpdate(["visits"]).toSQL().sql,
      sql(
        "INSERT INTO `t` (`name`, `visits`) VALUES (?, ?) ON CONFLICT (`name`) DO UPDATE SET `visits` = excluded.`visits`",
      ),
    );
    assert.deepEqual(await update.doUpdate(["visits"]).returning("visits").yield(), [{ visits: 6 }]);
    assert.deepEqual(await update.doUpdate({ visits: 100 }).returning("visits").yield(), [{ visits: 100 }]);
    assert.deepEqual(
      await update
        .doUpdate({ visits: db.raw("t.visits + 1") })
        .returning("visits")
        .yield(),
      [{ visits: 101 }],
    );
    assert.throws(
      () => db.insert("t").values({ name: "a" }).onConflict().doUpdate(["name"]),
      /columns of the conflict/,
    );
  });

  it("inserts the rows of a select", async (context) => {
    const db = await connectTo(context, dialect);
    await db.createTable("t", columns).yield();
    await db
      .createTable("copy", { label: { type: "text", primaryKey: true }, n: { type: "integer" } })
      .yield();
    await db
      .insert("t")
      .values([
        { name: "a", visits: 1 },
        { name: "b", visits: 2 },
      ])
      .yield();
    const insert = db
      .insert("copy")
      .from(db.select("name", "visits").from("t").gt("visits", 0), "label", "n");
    assert.deepEqual(insert.toSQL(), {
      sql: sql("INSERT INTO `copy` (`label`, `n`) SELECT `name`, `visits` FROM `t` WHERE `visits` > ?"),
      params: [0],
    });
    assert.equal(await insert.affected(), 2);
    assert.equal(await insert.onConflict("label").doUpdate(["n"]).affected(), 2);
    const limited = db
      .insert("copy")
      .from(db.select("name", "visits").from("t").order("id").limit(1), "label", "n");
    assert.equal(await limited.onConflict("label").doNothing().affected(), 0);
  });

  it("names the constraint that a row breaks", async (context) => {
    const db = await connectTo(context, dialect);
    await db.createTable("t", { ...columns, age: { type: "integer", check: db.raw("age > 0") } }).yield();
    const broken = { name: "StatementError", code: "QUERY_CONSTRAINT_FAILED" };
    await db.insert("t").values({ name: "a" }).yield();
    await assert.rejects(db.insert("t").values({ name: "a" }).yield(), broken);
    await assert.rejects(db.insert("t").values({ name: null }).yield(), broken);
    await assert.rejects(db.insert("t").values({ name: "b", age: 0 }).yield(), broken);
  });
});

describeEach("tables", (dialect) => {
  const sql = (text: string) => toSql(dialect, text);

  it("are made with every option, once, and dropped", async (context) => {
    const db = await connectTo(context, dialect);
    await db.createTable("owners", { id: { type: "uuid", primaryKey: true } }).yield();
    const table = {
      id: { type: "bigint", primaryKey: true, autoIncrement: true },
      owner: {
        type: "uuid",
        references: { table: "owners", column: "id", onDelete: "CASCADE" },
        index: true,
      },
      note: { type: "text", default: "it's\\" },
      made: { type: "datetime", default: db.raw("CURRENT_TIMESTAMP"), notNull: true },
      extra: { type: "json", default: { a: [1] } },
      bytes: { type: "blob", default: Buffer.from([0, 255]) },
      ratio: { type: "real", default: 0.5 },
      ok: { type: "boolean", default: true },
      day: { type: "date", default: "2024-02-29" },
      price: { type: "decimal", default: "1.50" },
    } as const;
    await db.createTable("t", table, { ifNotExists: true }).yield();
    await db.createTable("t", table, { ifNotExists: true }).yield();
    const owner = "0b1f6b0e-8f8e-4a52-9a1c-6d2d5d2f9a10";
    await db.insert("owners").values({ id: owner }).yield();
    const row = await db.insert("t").values({ owner }).returning().first();
    assert.ok(Math.abs(row?.made - Date.now()) < 60_000);
    assert.deepEqual(
      { ...row, made: 0 },
      {
        id: 1,
        owner,
        note: "it's\\",
        made: 0,
        extra: { a: [1] },
        bytes: Buffer.from([0, 255]),
        ratio: 0.5,
        ok: true,
        day: "2024-02-29",
        price: "1.50",
      },
    );
    await db.delete("owners").all().yield();
    assert.equal(await db.from("t").count().value(), 0);
    await db.dropIndex("t_owner").yield();
    await db.dropIndex("t_owner", { ifExists: true }).yield();
    await db.dropTable("t").yield();
    await db.dropTable("t", { ifExists: true }).yield();
    await assert.rejects(db.select().from("t").yield(), /t/);
  });

  it("are altered, also under statements that were prepared before", async (context) => {
    const db = await connectTo(context, dialect);
    await db.createTable("t", { a: { type: "integer" } }).yield();
    await db.insert("t").values({ a: 1 }).yield();
    const all = db.select().from("t");
    assert.deepEqual(await all.yield(), [{ a: 1 }]);
    const add = db.alterTable("t").addColumn("b", { type: "boolean", notNull: true, default: true });
    assert.match(add.toSQL().sql, /^ALTER TABLE .t. ADD COLUMN .b. BOOLEAN NOT NULL DEFAULT/);
    await add.yield();
    assert.deepEqual(await all.yield(), [{ a: 1, b: true }]);
    await db.alterTable("t").renameColumn("a", "c").yield();
    assert.deepEqual(await all.yield(), [{ c: 1, b: true }]);
    await db.alterTable("t").dropColumn("c").yield();
    assert.deepEqual(await all.yield(), [{ b: true }]);
    await db.alterTable("t").rename("u").yield();
    assert.deepEqual(await db.select().from("u").yield(), [{ b: true }]);
    const unique = db.alterTable("u").addColumn("d", { type: "text", unique: true });
    if (dialect === "pg") await unique.yield();
    else assert.throws(() => unique.toSQL(), { code: "QUERY_NOT_SUPPORTED", message: /createIndex/ });
  });

  it("have indexes", async (context) => {
    const db = await connectTo(context, dialect);
    await db.createTable("t", { a: { type: "integer" }, b: { type: "text" } }).yield();
    const index = db.createIndex("t", ["a", "b"], { unique: true });
    assert.equal(index.toSQL().sql, sql("CREATE UNIQUE INDEX `t_a_b` ON `t` (`a`, `b`)"));
    await index.yield();
    await db.createIndex("t", "b", { name: "by b", ifNotExists: true }).yield();
    await db.insert("t").values({ a: 1, b: "x" }).yield();
    await assert.rejects(db.insert("t").values({ a: 1, b: "x" }).yield(), {
      code: "QUERY_CONSTRAINT_FAILED",
    });
    await db.dropIndex("t_a_b").yield();
    await db.insert("t").values({ a: 1, b: "x" }).yield();
  });

  it("are emptied and go on counting", async (context) => {
    const db = await connectTo(context, dialect);
    await db.createTable("t", columns).yield();
    await db
      .insert("t")
      .values([{ name: "a" }, { name: "b" }])
      .yield();
    const truncate = db.truncate("t");
    assert.equal(truncate.toSQL().sql, dialect === "pg" ? 'TRUNCATE TABLE "t"' : "DELETE FROM `t`");
    await truncate.yield();
    assert.equal(await db.from("t").count().value(), 0);
    assert.deepEqual(await db.insert("t").values({ name: "c" }).returning("id").yield(), [{ id: 3 }]);
  });
});
