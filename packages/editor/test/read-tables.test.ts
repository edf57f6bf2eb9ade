import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { isBuiltin, register } from "node:module";
import { describe, it, type TestContext } from "node:test";
import { Database, type DatabaseOptions } from "@miqro/query";
import { readRows, readTables } from "../dist/agent/read-tables.js";

// The driver that only tests need is installed apart.
const parts = new URL("../../../test/parts/package.json", import.meta.url);
const hooks = `export function resolve(specifier, context, next) {
  return next(specifier, specifier === "pg" ? { ...context, parentURL: ${JSON.stringify(parts.href)} } : context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);

const url = process.env.DATABASE_URL;
const hasDriver = existsSync(new URL("node_modules/pg", parts));

const dialects: readonly { readonly options: DatabaseOptions; readonly skip: string | false }[] = [
  {
    options: { dialect: "node:sqlite", storage: ":memory:" },
    skip: isBuiltin("node:sqlite") ? false : "needs Node.js 22.13",
  },
  {
    options: { dialect: "pg", ...(url === undefined ? {} : { connectionString: url }) },
    skip: url !== undefined && hasDriver ? false : "DATABASE_URL names no PostgreSQL",
  },
];

async function connect(context: TestContext, options: DatabaseOptions): Promise<Database> {
  const database = new Database(options);
  await database.connect();
  context.after(async () => {
    await database.query('DROP TABLE IF EXISTS "editor ""odd"""');
    await database.disconnect();
  });
  return database;
}

for (const { options, skip } of dialects) {
  describe(`the tables of ${options.dialect}`, { skip }, () => {
    it("are listed, and read page by page in the order of their key", async (context) => {
      const database = await connect(context, options);
      await database.query('CREATE TABLE "editor ""odd""" (id INTEGER PRIMARY KEY, data TEXT)');
      for (let id = 130; id > 0; id--) {
        await database.query('INSERT INTO "editor ""odd""" VALUES (?, ?)', [
          id,
          id === 60 ? null : `text ${id}`,
        ]);
      }
      const { tables } = await readTables("main", database);
      assert.ok(tables.some(({ name, isView }) => name === 'editor "odd"' && !isView));
      const page = await readRows(database, 'editor "odd"', { offset: 50, limit: 50 });
      assert.deepEqual(page.columns, ["id", "data"]);
      assert.deepEqual([page.count, page.offset, page.rows.length], [130, 50, 50]);
      assert.deepEqual(page.rows[0], [51, "text 51"]);
      assert.deepEqual(page.rows[9], [60, null]);
      const last = await readRows(database, 'editor "odd"', { offset: 100, limit: 50 });
      assert.equal(last.rows.length, 30);
    });

    it("are those that the database lists, whatever is asked for", async (context) => {
      const database = await connect(context, options);
      for (const name of [
        "nothing",
        "x; DROP TABLE y",
        'a" UNION SELECT 1 --',
        "sqlite_master",
        "pg_catalog.pg_class",
      ]) {
        await assert.rejects(readRows(database, name, { offset: 0, limit: 1 }), RangeError);
      }
    });
  });
}
