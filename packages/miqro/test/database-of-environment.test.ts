import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { Miqro } from "miqro";
import { databaseOfEnvironment } from "../dist/composition/database-of-environment.js";
import { createProject, type Project } from "./support/project.js";

const withoutSqlite =
  process.getBuiltinModule("node:sqlite") === undefined && "node:sqlite needs Node.js 22.13";

describe("databaseOfEnvironment", () => {
  const rows: readonly [env: Record<string, string>, expected: object | undefined][] = [
    [{}, undefined],
    [{ DB: "" }, undefined],
    [{ DB: "0", DB_STORAGE: "x" }, undefined],
    [{ DB: "false" }, undefined],
    [{ DB: "1" }, { dialect: "node:sqlite", storage: "./db.sqlite3" }],
    [
      { DB: "true", DB_DIALECT: "sqlite3" },
      { dialect: "sqlite3", storage: "./db.sqlite3" },
    ],
    [{ DB_STORAGE: ":memory:" }, { dialect: "node:sqlite", storage: ":memory:" }],
    [{ DB_CONNECTION: "postgres://h/d" }, { dialect: "pg", connectionString: "postgres://h/d" }],
  ];
  for (const [env, expected] of rows) {
    it(`reads ${JSON.stringify(env)}`, () => {
      assert.deepEqual(databaseOfEnvironment(env), expected && { name: "db", ...expected });
    });
  }
});

describe("the variables of a database", { skip: withoutSqlite }, () => {
  let project: Project | undefined;
  let app: Miqro | undefined;
  afterEach(async () => {
    delete process.env.DB_STORAGE;
    await app?.stop({ drainIdle: 0 });
    await project?.remove();
  });

  const start = async (files: Record<string, string>): Promise<{ url: string; storage: string }> => {
    project = await createProject({
      "app/http/names.api.js": `export default async ({ server }) => {
        const db = server.db.get("db");
        return db === null ? null : db.select().from("posts").yield();
      };`,
      "app/migration/001_posts.js": `export default {
        name: "001_posts",
        dbName: "db",
        up: async (db) => {
          await db.createTable("posts", { id: { type: "integer", primaryKey: true } }).yield();
          await db.insert("posts").values({ id: 7 }).yield();
        },
      };`,
      ...files,
    });
    const storage = join(project.path, "own.sqlite3");
    process.env.DB_STORAGE = storage;
    app = new Miqro({ services: join(project.path, "app"), port: 0, host: "127.0.0.1" });
    const address = await app.start();
    return { url: typeof address === "string" ? "" : `http://127.0.0.1:${address.port}`, storage };
  };

  it("connect one named db, with its migrations, where no db.ts is", async () => {
    const { url, storage } = await start({});
    assert.deepEqual(await (await fetch(`${url}/names`)).json(), [{ id: 7 }]);
    assert.ok(existsSync(storage));
  });

  it("are not read where a db.ts is", async () => {
    const { url, storage } = await start({
      "app/db.js": 'export default { name: "db", storage: ":memory:" };',
    });
    assert.deepEqual(await (await fetch(`${url}/names`)).json(), [{ id: 7 }]);
    assert.equal(existsSync(storage), false);
  });
});
