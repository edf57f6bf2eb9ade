import assert from "node:assert/strict";
import { once } from "node:events";
import { it } from "node:test";
import { Database, type Migration, migrate, migration, migrationStatus } from "@miqro/query";
import { hear, start } from "./support/child.js";
import { connectTo, createDatabase, describeEach } from "./support/dialects.js";

describeEach("migrations", (dialect) => {
  it("run once each when five processes begin at once", async (context) => {
    const options = await createDatabase(context, dialect);
    const db = new Database(options);
    await db.connect();
    context.after(() => db.disconnect());
    await db
      .createTable("runs", {
        id: { type: "integer", primaryKey: true, autoIncrement: true },
        name: { type: "text" },
        pid: { type: "integer" },
      })
      .yield();
    const children = [1, 2, 3, 4, 5].map(() => start(context, "migrate-at-once", JSON.stringify(options)));
    await Promise.all(children.map(hear));
    const results = children.map(hear);
    for (const child of children) child.send("go");
    const ran = (await Promise.all(results)).flat() as string[];
    assert.deepEqual(ran.toSorted(), ["10_c", "1_a", "2_b"]);
    const runs = await db.select("name").from("runs").order("id").yield();
    assert.deepEqual(
      runs.map((row) => row.name),
      ["1_a", "2_b", "10_c"],
    );
  });

  it("leave the database as before when the process is killed in the middle, and the next run works", async (context) => {
    const options = await createDatabase(context, dialect);
    const child = start(context, "migrate-and-die", JSON.stringify(options));
    assert.equal(await hear(child), "half");
    child.kill("SIGKILL");
    await once(child, "exit");
    const db = new Database(options);
    await db.connect();
    context.after(() => db.disconnect());
    const migrations: Migration[] = [
      { name: "1_first", up: () => assert.fail("it is applied") },
      {
        name: "2_second",
        up: (tx) => tx.createTable("second", { a: { type: "integer" } }).yield(),
        down: (tx) => tx.dropTable("second").yield(),
      },
    ];
    assert.deepEqual(
      (await migrationStatus({ db, migrations })).map(({ state }) => state),
      ["applied", "pending"],
    );
    assert.deepEqual(await db.select().from("first").yield(), []);
    assert.deepEqual((await migrate({ direction: "up", db, migrations })).names, ["2_second"]);
    assert.deepEqual(await db.select().from("second").yield(), []);
    assert.deepEqual((await migrate({ direction: "down", db, migrations, name: "2_second" })).names, [
      "2_second",
    ]);
    await assert.rejects(db.select().from("second").yield(), { code: "QUERY_STATEMENT_FAILED" });
  });

  it("leave nothing of one that fails, neither tables nor rows", async (context) => {
    const db = await connectTo(context, dialect);
    const failing: Migration = {
      name: "1_bad",
      up: async (tx) => {
        await tx.createTable("half", { a: { type: "integer" } }).yield();
        await tx.insert("half").values({ a: 1 }).yield();
        await tx.alterTable("half").addColumn("b", { type: "text" }).yield();
        throw new Error("no further");
      },
    };
    await assert.rejects(migrate({ direction: "up", db, migrations: [failing] }), {
      code: "QUERY_MIGRATION_FAILED",
      message: /"1_bad".*no further/,
    });
    await assert.rejects(db.select().from("half").yield(), { code: "QUERY_STATEMENT_FAILED" });
    assert.equal((await migrationStatus({ db, migrations: [failing] }))[0]?.state, "pending");
  });

  it("run module by module for who orders them himself", async (context) => {
    const db = await connectTo(context, dialect);
    await migration.init(db);
    await migration.init(db);
    const module = {
      up: (tx: Pick<Database, "createTable">) => tx.createTable("one", { a: { type: "integer" } }).yield(),
      down: (tx: Pick<Database, "dropTable">) => tx.dropTable("one").yield(),
    };
    assert.equal(await migration.up.module(db, "001_one.ts", module), true);
    assert.equal(await migration.up.module(db, "001_one.js", module), false);
    assert.deepEqual(await db.select().from("one").yield(), []);
    assert.equal(await migration.down.module(db, "001_one", module), true);
    assert.equal(await migration.down.module(db, "001_one", module), false);
  });
});
