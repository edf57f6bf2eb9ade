import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Database, defineModel, migrate, migrationStatus, QueryArgumentError } from "@miqro/query";

const db = new Database({ storage: ":memory:" });
const id = { type: "integer", primaryKey: true } as const;
const model = defineModel(db, "t", { id }, {
  more: { type: "hasMany", model: () => model as never, foreignKey: "id" },
} as never);

/** What is wrong with a call: the paths, and what a message of each says. */
const cases: Readonly<
  Record<
    string,
    {
      readonly call: (options: never) => unknown;
      readonly given: unknown;
      readonly issues: Readonly<Record<string, RegExp>>;
    }
  >
> = {
  "new Database()": {
    call: (options) => new Database(options),
    given: {
      dialect: "postgres",
      storge: "x",
      storage: "file:x",
      lockTimeout: "1s",
      statementCache: -1,
      bigint: "Bigint",
      pooler: "yes",
      name: "",
      logger: { error() {} },
      pool: { max: 0, maximum: 5, idleTimeout: 1.5, connectTimeout: Number.NaN },
    },
    issues: {
      dialect: /one of "node:sqlite", "sqlite3", "pg", but "postgres" was given/,
      storge: /unknown option "storge"; did you mean "storage"\?/,
      storage: /path of a file/,
      lockTimeout: /whole number from 0 to 2147483647, but "1s"/,
      statementCache: /-1 was given/,
      bigint: /"number", "bigint" or "string"/,
      pooler: /true or false/,
      name: /not empty/,
      logger: /methods error, warn, info, debug, trace/,
      "pool.max": /from 1 to/,
      "pool.maximum": /unknown option "maximum"; the options are max,/,
      "pool.idleTimeout": /1.5 was given/,
      "pool.connectTimeout": /NaN was given/,
    },
  },
  "new Database() of a file with an address": {
    call: (options) => new Database(options),
    given: { url: "postgres://a", connectionString: 5, colour: 1 },
    issues: {
      url: /is for a server/,
      connectionString: /is for a server/,
      colour: /the options are dialect,/,
    },
  },
  "new Database() without options": {
    call: (options) => new Database(options),
    given: "x",
    issues: { "": /plain object, but "x"/ },
  },
  "transaction()": {
    call: (options) => db.transaction(async () => {}, options),
    given: { isolation: "strict", lockTimout: 5, lockTimeout: -5 },
    issues: {
      isolation: /one of read uncommitted/,
      lockTimout: /did you mean "lockTimeout"/,
      lockTimeout: /-5/,
    },
  },
  "createTable() with columns": {
    call: (columns) => db.createTable("t", columns),
    given: {
      a: { type: "varchar", notnull: true },
      b: { type: "text", primaryKey: 1, default: {}, check: "b > 1" },
      c: { type: "integer", references: { table: "", colum: "id", onDelete: "DROP" } },
      d: { type: "integer", autoIncrement: true },
      e: null,
    },
    issues: {
      "a.type": /one of integer, bigint/,
      "a.notnull": /did you mean "notNull"/,
      "b.primaryKey": /true or false/,
      "b.default": /an object/,
      "b.check": /raw SQL/,
      "c.references.table": /name of a table/,
      "c.references.colum": /did you mean "column"/,
      "c.references.column": /undefined/,
      "c.references.onDelete": /CASCADE/,
      "d.autoIncrement": /only primary key/,
      e: /null was given/,
      "e.type": /undefined was given/,
    },
  },
  "alterTable().addColumn()": {
    call: (options) => db.alterTable("t").addColumn("a", options),
    given: { type: "number", unqiue: true },
    issues: { "a.type": /one of/, "a.unqiue": /did you mean "unique"/ },
  },
  "createTable()": {
    call: (options) => db.createTable("t", { id }, options),
    given: { ifNotExist: true },
    issues: { ifNotExist: /"ifNotExists"/ },
  },
  "dropTable()": {
    call: (options) => db.dropTable("t", options),
    given: { ifExists: "yes" },
    issues: { ifExists: /true or false/ },
  },
  "dropIndex()": {
    call: (options) => db.dropIndex("t", options),
    given: { ifNotExists: true },
    issues: { ifNotExists: /"ifExists"/ },
  },
  "createIndex()": {
    call: (options) => db.createIndex("t", "id", options),
    given: { uniqe: true, ifNotExists: 0 },
    issues: { uniqe: /"unique"/, ifNotExists: /0 was given/ },
  },
  "count()": {
    call: (options) => db.from("t").count("id", "n", options),
    given: { distict: true },
    issues: { distict: /"distinct"/ },
  },
  "defineModel() with associations": {
    call: (associations) => defineModel(db, "t", { id }, associations),
    given: {
      id: { type: "belongsTo", model: () => model, foreignKey: "x" },
      a: { type: "has" },
      b: { type: "hasMany", foreignkey: "x" },
    },
    issues: {
      id: /name of a column/,
      "a.type": /one of belongsTo/,
      "b.foreignkey": /did you mean "foreignKey"/,
      "b.model": /function/,
      "b.foreignKey": /undefined/,
    },
  },
  "findAll()": {
    call: (options) => model.findAll(undefined, options),
    given: { wher: 1, limits: 5 },
    issues: { wher: /the options are/, limits: /"limit"/ },
  },
  "findOne()": {
    call: (options) => model.findOne(undefined, options),
    given: { colums: [] },
    issues: { colums: /"columns"/ },
  },
  "findById()": {
    call: (options) => model.findById(1, options),
    given: { includes: [] },
    issues: { includes: /"include"/ },
  },
  "iterate()": {
    call: async (options) => {
      for await (const row of model.iterate(undefined, options)) assert.ok(row);
    },
    given: { ordr: [] },
    issues: { ordr: /"order"/ },
  },
  "migrate()": {
    call: (options) => migrate(options),
    given: { direction: "left", db: {}, nam: "x", logger: 5 },
    issues: {
      direction: /"up" or "down", but "left"/,
      db: /a Database/,
      nam: /"name"/,
      logger: /a logger/,
      migrations: /one of the two/,
    },
  },
  "migrationStatus()": {
    call: (options) => migrationStatus(options),
    given: { db, folder: 5, direction: "up" },
    issues: { folder: /path/, direction: /unknown option/ },
  },
};

describe("options", () => {
  for (const [name, { call, given, issues }] of Object.entries(cases)) {
    it(`of ${name} are checked all at once`, async () => {
      let error: unknown;
      try {
        await call(given as never);
      } catch (thrown) {
        error = thrown;
      }
      assert.ok(error instanceof QueryArgumentError, `${error}`);
      assert.equal(error.code, "QUERY_INVALID_ARGUMENT");
      assert.deepEqual(error.issues.map(({ path }) => path).sort(), Object.keys(issues).sort());
      for (const { path, message } of error.issues) {
        assert.match(message, issues[path] as RegExp);
        assert.match(message, /^["A-Za-z].*[.?]$/s);
        assert.ok(error.message.includes(message));
      }
    });
  }

  it("that are wrong never repeat an address, which may hold a password", () => {
    for (const options of [
      { dialect: "pg", url: ["postgres://me:s3cret@x"] },
      { url: "postgres://me:s3cret@x" },
    ]) {
      assert.throws(
        () => new Database(options as never),
        (error: QueryArgumentError) => {
          assert.doesNotMatch(`${error.message}${JSON.stringify(error.issues)}`, /s3cret/);
          return true;
        },
      );
    }
  });
});
