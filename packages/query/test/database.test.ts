import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { Database, type DatabaseOptions } from "@miqro/query";
import { connect, connectFile, createFolder, withoutSqlite } from "./support/sqlite.js";

describe("new Database", () => {
  it("names the package to install where a driver is missing", async () => {
    for (const dialect of ["pg", "sqlite3"] as const) {
      await assert.rejects(new Database({ dialect, storage: ":memory:" }).connect(), {
        name: "DatabaseConnectionError",
        code: "QUERY_NOT_AVAILABLE",
        message: `The dialect "${dialect}" needs the package ${dialect}; run: npm install ${dialect}`,
      });
    }
  });

  it("refuses options that are none", () => {
    const refused = (options: unknown, message: RegExp) =>
      assert.throws(() => new Database(options as DatabaseOptions), {
        code: "QUERY_INVALID_ARGUMENT",
        message,
      });
    refused({ dialect: "mysql" }, /"mysql"/);
    refused({ storage: "" }, /storage/);
    refused({ storage: "file:x?mode=memory" }, /storage/);
    refused({ lockTimeout: -1 }, /lockTimeout/);
    refused({ lockTimeout: Number.POSITIVE_INFINITY }, /lockTimeout/);
    refused({ statementCache: 1.5 }, /statementCache/);
    refused({ bigint: "BigInt" }, /bigint/);
    refused({ dialect: "pg", url: "a", connectionString: "b" }, /one of them/);
    refused({ dialect: "pg", url: 5 }, /postgres:\/\//);
    refused({ dialect: "pg", pool: { max: 0 } }, /pool\.max/);
    refused({ dialect: "pg", pool: { size: 5 } }, /"size"/);
  });

  it("is not connected before connect()", async () => {
    const db = new Database({ storage: ":memory:", name: "main" });
    assert.equal(db.status, "disconnected");
    assert.equal(db.dialect, "node:sqlite");
    await assert.rejects(db.select().from("t").yield(), {
      code: "QUERY_NOT_CONNECTED",
      message: /main .* connect\(\)/,
    });
    await assert.rejects(
      db.transaction(async () => {}),
      { code: "QUERY_NOT_CONNECTED" },
    );
    await db.disconnect();
  });
});

describe("new Database", () => {
  it("refuses options that it does not know, and those of a server where there is a file", () => {
    assert.throws(() => new Database({ storge: "x" } as object), {
      code: "QUERY_INVALID_ARGUMENT",
      message: /storge/,
    });
    for (const options of [{ url: "postgres://x" }, { dialect: "sqlite3", connectionString: "x" }] as const) {
      assert.throws(() => new Database(options), {
        message: /is for a server, but "[\w:]+" has a file; give storage/,
      });
    }
  });
});

describe("connect", () => {
  if (withoutSqlite !== false) {
    it("names the version that is needed where Node.js has no SQLite", async () => {
      const db = new Database({ storage: ":memory:" });
      await assert.rejects(db.connect(), {
        code: "QUERY_NOT_AVAILABLE",
        message: /Node\.js 22\.13 or newer/,
      });
      assert.equal(db.status, "disconnected");
    });
  }

  it("can be called twice, and again after disconnect()", { skip: withoutSqlite }, async (context) => {
    const db = await connectFile(context);
    await Promise.all([db.connect(), db.connect()]);
    assert.equal(db.status, "connected");
    await Promise.all([db.disconnect(), db.disconnect()]);
    assert.equal(db.status, "disconnected");
    await db.connect();
    assert.deepEqual(await db.query("SELECT 1 AS a"), [{ a: 1 }]);
  });

  it("opens a file with WAL, references and no busy_timeout", { skip: withoutSqlite }, async (context) => {
    const db = await connectFile(context);
    assert.deepEqual(await db.query("PRAGMA journal_mode"), [{ journal_mode: "wal" }]);
    assert.deepEqual(await db.query("PRAGMA foreign_keys"), [{ foreign_keys: 1 }]);
    assert.deepEqual(await db.query("PRAGMA busy_timeout"), [{ timeout: 0 }]);
  });

  it("names the file that does not open, and can be tried again", {
    skip: withoutSqlite,
  }, async (context) => {
    const storage = join(await createFolder(context), "missing", "data.sqlite3");
    const db = new Database({ storage });
    await assert.rejects(db.connect(), (error: Error & { code: string }) => {
      assert.equal(error.code, "QUERY_CONNECT_FAILED");
      return error.message.includes(storage);
    });
    assert.equal(db.status, "disconnected");
  });

  const wrong: Readonly<Record<string, { storage: string; says: RegExp }>> = {
    "there is no folder": {
      storage: "missing/data.sqlite3",
      says: /there is no folder .*missing; create it first\.$/,
    },
    "it is a folder": { storage: ".", says: /it is a folder; name a file\.$/ },
    "it is another file": { storage: "other.txt", says: /file is not a database; name another file/ },
  };
  for (const [why, { storage, says }] of Object.entries(wrong)) {
    it(`says why a file does not open: ${why}`, { skip: withoutSqlite }, async (context) => {
      const folder = await createFolder(context);
      await writeFile(
        join(folder, "other.txt"),
        "This is no database, but a text of some length.".repeat(20),
      );
      await assert.rejects(new Database({ storage: join(folder, storage) }).connect(), { message: says });
    });
  }

  it("prints no warning of Node.js and hides no other", { skip: withoutSqlite }, async () => {
    const script = `
      const { Database } = await import("@miqro/query");
      const db = new Database({ storage: ":memory:" });
      await db.connect();
      await db.disconnect();
      process.emitWarning("still here", "ExperimentalWarning");`;
    const { stderr } = await promisify(execFile)(
      process.execPath,
      ["--input-type=module", "--eval", script],
      {
        cwd: import.meta.dirname,
      },
    );
    assert.match(stderr, /still here/);
    assert.doesNotMatch(stderr, /SQLite/);
  });
});

describe("statementCache", { skip: withoutSqlite }, () => {
  it("changes nothing but speed", async (context) => {
    for (const statementCache of [0, 1, 2]) {
      const db = await connect(context, { statementCache });
      for (let round = 0; round < 3; round++) {
        for (const name of ["a", "b", "c"]) {
          assert.deepEqual(await db.query(`SELECT ? AS ${name}`, [round]), [{ [name]: round }]);
        }
      }
    }
  });
});
