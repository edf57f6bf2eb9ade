import assert from "node:assert/strict";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import {
  type Database,
  getSortedMigrations,
  type Logger,
  type Migration,
  migrate,
  migrationStatus,
} from "@miqro/query";
import { connect, createFolder, withoutSqlite } from "./support/sqlite.js";

function creates(name: string, table: string): Migration {
  return {
    name,
    up: (db) => db.createTable(table, { id: { type: "integer", primaryKey: true } }).yield(),
    down: (db) => db.dropTable(table).yield(),
    source: `creates ${table}`,
  };
}

async function tables(db: Database): Promise<string[]> {
  const rows = await db.query(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name",
  );
  return rows.map((row) => row.name);
}

function collect(lines: string[]): Logger {
  const ignore = () => {};
  const warn = (text: unknown, ...rest: unknown[]) => lines.push([text, ...rest].join(" "));
  return { error: ignore, warn, info: ignore, debug: ignore, trace: ignore };
}

const one = creates("1_one", "one");
const two = creates("2_two", "two");

describe("migrate", { skip: withoutSqlite }, () => {
  it("applies what is pending, first to last, and once", async (context) => {
    const db = await connect(context);
    assert.deepEqual(await migrate({ direction: "up", db, migrations: [one] }), {
      direction: "up",
      names: ["1_one"],
      changed: [],
      missing: [],
    });
    assert.deepEqual((await migrate({ direction: "up", db, migrations: [one, two] })).names, ["2_two"]);
    assert.deepEqual((await migrate({ direction: "up", db, migrations: [one, two] })).names, []);
    assert.deepEqual(await tables(db), ["miqro_migration", "one", "two"]);
  });

  it("undoes what is applied, last to first", async (context) => {
    const db = await connect(context);
    await migrate({ direction: "up", db, migrations: [one, two] });
    const third = creates("3_three", "three");
    assert.deepEqual((await migrate({ direction: "down", db, migrations: [one, two, third] })).names, [
      "2_two",
      "1_one",
    ]);
    assert.deepEqual(await tables(db), ["miqro_migration"]);
    assert.deepEqual((await migrate({ direction: "down", db, migrations: [one, two] })).names, []);
  });

  it("runs only the one that is named", async (context) => {
    const db = await connect(context);
    const migrations = [one, two];
    assert.deepEqual((await migrate({ direction: "up", db, migrations, name: "2_two" })).names, ["2_two"]);
    await assert.rejects(migrate({ direction: "up", db, migrations, name: "3" }), {
      code: "QUERY_MIGRATION_INVALID",
    });
  });

  it("leaves everything as it was before one that fails, and names it", async (context) => {
    const db = await connect(context);
    const failing: Migration = {
      name: "2_bad",
      up: async (tx) => {
        await tx.createTable("half", { a: { type: "text" } }).yield();
        await tx.insert("one").values({ id: 1 }).yield();
        await tx.insert("nowhere").values({ id: 1 }).yield();
      },
    };
    await assert.rejects(migrate({ direction: "up", db, migrations: [failing] }), { migration: "2_bad" });
    assert.deepEqual(await tables(db), []);
    await assert.rejects(migrate({ direction: "up", db, migrations: [one, failing, two] }), {
      name: "MigrationError",
      code: "QUERY_MIGRATION_FAILED",
      migration: "2_bad",
      message: /"2_bad" failed \(up\) and was rolled back: .*no such table: nowhere/,
    });
    assert.deepEqual(await tables(db), ["miqro_migration", "one"]);
    assert.deepEqual(await db.select().from("one").yield(), []);
    const states = await migrationStatus({ db, migrations: [one, failing] });
    assert.deepEqual(
      states.map((each) => each.state),
      ["applied", "pending"],
    );
  });

  it("refuses to go down before anything ran when one cannot be undone", async (context) => {
    const db = await connect(context);
    const final: Migration = {
      name: "1_final",
      up: (tx) => tx.createTable("final", { a: { type: "text" } }).yield(),
    };
    await migrate({ direction: "up", db, migrations: [final, two] });
    await assert.rejects(migrate({ direction: "down", db, migrations: [final, two] }), {
      code: "QUERY_MIGRATION_INVALID",
      migration: "1_final",
    });
    assert.deepEqual(await tables(db), ["final", "miqro_migration", "two"]);
  });

  it("warns of changed and missing ones, and not where there is no source", async (context) => {
    const db = await connect(context);
    const lines: string[] = [];
    await migrate({ direction: "up", db, migrations: [one, { ...two, source: "a\nb" }] });
    const migrations = [{ ...one, source: "other" }];
    const { changed, missing } = await migrate({ direction: "up", db, migrations, logger: collect(lines) });
    assert.deepEqual([changed, missing], [["1_one"], ["2_two"]]);
    assert.equal(lines.length, 2);
    const same = [
      { ...one, source: undefined },
      { ...two, source: "a\r\nb" },
    ];
    assert.deepEqual((await migrate({ direction: "up", db, migrations: same })).changed, []);
  });

  it("refuses one name twice, what is no migration, and no or two sources", async (context) => {
    const db = await connect(context);
    const refused = (options: object, message: RegExp) =>
      assert.rejects(migrate({ direction: "up", db, ...options }), { message });
    await refused({ migrations: [one, one] }, /"1_one"/);
    await refused({ migrations: [{ name: "x" }] }, /"x" needs a function/);
    await refused({ migrations: [{ name: "", up() {} }] }, /name/);
    await refused({}, /`folder`/);
    await refused({ migrations: [], folder: "x" }, /`folder`/);
    await refused({ migrations: [], direction: "left" }, /"up" or "down"/);
    assert.deepEqual(await tables(db), []);
  });

  it("loads a folder in the order of its numbers", async (context) => {
    const folder = await createFolder(context);
    const file = (table: string) =>
      `export default { up: (db) => db.createTable("${table}", { id: { type: "integer" } }).yield() };`;
    await writeFile(join(folder, "10_late.mjs"), file("late"));
    await writeFile(join(folder, "2_early.mjs"), file("early"));
    await writeFile(join(folder, "notes.txt"), "no migration");
    const db = await connect(context);
    assert.deepEqual((await migrate({ direction: "up", db, folder })).names, ["2_early", "10_late"]);
    await writeFile(join(folder, "11_broken.mjs"), "export default 5;");
    await assert.rejects(migrate({ direction: "up", db, folder }), /11_broken\.mjs has no default export/);
    await writeFile(join(folder, "11_broken.mjs"), "nonsense(");
    await assert.rejects(migrate({ direction: "up", db, folder }), /11_broken\.mjs/);
    await assert.rejects(migrate({ direction: "up", db, folder: join(folder, "none") }), /cannot be read/);
  });
});

describe("migrationStatus", { skip: withoutSqlite }, () => {
  it("tells where each stands and changes nothing", async (context) => {
    const db = await connect(context);
    assert.deepEqual(await migrationStatus({ db, migrations: [one] }), [
      { name: "1_one", state: "pending", changed: false, appliedAt: undefined },
    ]);
    assert.deepEqual(await tables(db), []);
    await migrate({ direction: "up", db, migrations: [one, two] });
    const states = await migrationStatus({ db, migrations: [{ ...one, source: "other" }] });
    assert.deepEqual(
      states.map(({ name, state, changed }) => ({ name, state, changed })),
      [
        { name: "1_one", state: "applied", changed: true },
        { name: "2_two", state: "missing", changed: false },
      ],
    );
    assert.ok(states.every(({ appliedAt }) => appliedAt instanceof Date));
  });
});

describe("getSortedMigrations", () => {
  it("sorts by number, then by name, and takes only modules", async (context) => {
    const folder = await createFolder(context);
    const sorted = ["001_a.js", "2_b.ts", "2_c.mjs", "10_d.cts", "last.js"];
    for (const name of [
      ...sorted.toReversed(),
      "3_types.d.ts",
      "4_map.js.map",
      ".5_hidden.js",
      "README.md",
    ]) {
      await writeFile(join(folder, name), "");
    }
    assert.deepEqual(await getSortedMigrations(folder), sorted);
    assert.equal((await readdir(folder)).length, 9);
  });
});
