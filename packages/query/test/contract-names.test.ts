import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { Database, defineModel } from "@miqro/query";
import fc from "fast-check";
import { connectTo, createDatabase, describeEach, dialects, missing } from "./support/dialects.js";
import { createFolder } from "./support/sqlite.js";

const id = { type: "integer", primaryKey: true } as const;
const at = { type: "integer", notNull: true } as const;

/** Songs, lists and the table between them, whose columns have the names of the others'. */
async function createSongs(db: Database, schema = "") {
  const Song = defineModel(
    db,
    `${schema}song`,
    { id, title: { type: "text" }, at, parentId: { type: "integer" } },
    {
      parent: { type: "belongsTo", model: (): never => Song as never, foreignKey: "parentId" },
      children: { type: "hasMany", model: (): never => Song as never, foreignKey: "parentId" },
      next: {
        type: "manyToMany",
        model: (): never => Song as never,
        through: `${schema}entry`,
        foreignKey: "listId",
        otherKey: "songId",
      },
    },
  );
  const Entry = defineModel(db, `${schema}entry`, {
    id,
    listId: { type: "integer", index: true },
    songId: { type: "integer" },
    title: { type: "text" },
    at,
  });
  const List = defineModel(
    db,
    `${schema}list`,
    { id, title: { type: "text" } },
    {
      songs: {
        type: "manyToMany",
        model: () => Song,
        through: `${schema}entry`,
        foreignKey: "listId",
        otherKey: "songId",
      },
    },
  );
  for (const model of [Song, Entry, List]) await model.sync();
  await List.create({ id: 1, title: "L" });
  await Song.createMany([
    { id: 1, title: "old", at: 1, parentId: null },
    { id: 2, title: "new", at: 2, parentId: 1 },
    { id: 3, title: "none", at: 3, parentId: 1 },
  ]);
  await Entry.createMany([
    { id: 1, listId: 1, songId: 2, title: "x", at: 4 },
    { id: 2, listId: 1, songId: 1, title: "y", at: 5 },
  ]);
  return { Song, List };
}

describeEach("an include", (dialect) => {
  it("means the columns of its own model, whatever the table between has", async (context) => {
    const db = await connectTo(context, dialect);
    const { Song, List } = await createSongs(db);
    const where = Song.where();
    const cases = [
      [{ order: [["at", "DESC"]] }, "new,old"],
      [{ order: ["at"] }, "old,new"],
      [{ where: where.eq("id", 2) }, "new"],
      [{ where: where.gt("at", 1) }, "new"],
      [{ where: where.like("title", "o%") }, "old"],
      [{ where: where.in("id", [1, 3]) }, "old"],
      [{ where: where.or((q) => q.eq("id", 1).between("at", 2, 2)), order: ["title"] }, "new,old"],
      [{ where: where.not((q) => q.isNull("at")).order("at", "DESC") }, "new,old"],
      [{ where: where.whereRaw("at > ? AND title IS NOT NULL", 1) }, "new"],
      [{ where: where.eq(db.raw("at + id"), db.raw("2")) }, "old"],
      [{ where: where.on("id", "=", "at"), order: ["id"] }, "old,new"],
      [{ columns: ["title"], order: ["id"] }, "old,new"],
    ] as const;
    for (const [index, [songs, expected]] of cases.entries()) {
      const [list] = await List.findAll(List.where().eq("id", 1), { include: { songs: songs as never } });
      const found = list?.songs as readonly { title: string }[] | undefined;
      assert.equal(found?.map((song) => song.title).join(), expected, `case ${index}`);
    }
  });

  it("of a model with itself tells both sides apart", async (context) => {
    const { Song } = await createSongs(await connectTo(context, dialect));
    const [old] = await Song.findAll(Song.where().eq("id", 1), {
      include: {
        children: { order: [["at", "DESC"]], include: ["parent"] },
        next: { where: Song.where().gt("id", 1), order: ["at"] },
      },
    });
    const { children, next } = old as never as {
      children: { title: string; parent: { title: string } }[];
      next: { title: string }[];
    };
    assert.deepEqual(
      children.map((child) => [child.title, child.parent.title]),
      [
        ["none", "old"],
        ["new", "old"],
      ],
    );
    assert.deepEqual(
      next.map((song) => song.title),
      ["new"],
    );
  });
});

describeEach("a column with a dot in its name", (dialect) => {
  it("is not made, since no builder could reach it", async (context) => {
    const db = await connectTo(context, dialect);
    await db.createTable("t", { id }).yield();
    const refused = { code: "QUERY_INVALID_ARGUMENT", message: /dot/ };
    assert.throws(() => db.createTable("u", { id, "u.name": { type: "text" } }), refused);
    assert.throws(() => db.alterTable("t").addColumn("t.name", { type: "text" }), refused);
    assert.throws(() => db.alterTable("t").renameColumn("id", "t.key"), refused);
    assert.throws(() => defineModel(db, "t", { "a.b": { type: "text" } }), refused);
    // One that others made can get another name.
    await db.query(`CREATE TABLE dotted (${dialect === "pg" ? '"a.b"' : "`a.b`"} INTEGER)`);
    await db.alterTable("dotted").renameColumn("a.b", "b").yield();
    assert.deepEqual(await db.select("b").from("dotted").yield(), []);
  });
});

describeEach("a name that is too long for PostgreSQL", (dialect) => {
  it("is an error before two names become one, and is none elsewhere", async (context) => {
    const db = await connectTo(context, dialect);
    const long = "x".repeat(60);
    const attempts: readonly (() => Promise<unknown>)[] = [
      () => db.createTable(`${long}abcd`, { id }).yield(),
      () => db.createTable("t", { id, [`${"é".repeat(32)}`]: { type: "text" } }).yield(),
      () =>
        db
          .createTable(`${long}`, { id, first: { type: "text", index: true } }, { ifNotExists: true })
          .yield(),
      () => db.select(db.raw("1").as(`${long}abcd`)).yield(),
    ];
    for (const attempt of attempts) {
      if (dialect === "pg")
        await assert.rejects(attempt(), { code: "QUERY_INVALID_ARGUMENT", message: /63/ });
      else await attempt();
    }
    await db.createTable(`${long}123`, { id }).yield();
    assert.deepEqual(await db.from(`${long}123`).yield(), []);
  });
});

describeEach("two columns of one name", (dialect) => {
  it("are an error, since a row would lose one of them, and are none where no row holds them", async (context) => {
    const db = await connectTo(context, dialect);
    await db.createTable("t", { id, at }).yield();
    await db.createTable("u", { id, t: { type: "integer" } }).yield();
    await db.insert("t").values({ id: 1, at: 2 }).yield();
    await db.insert("u").values({ id: 3, t: 1 }).yield();
    const joined = db.from("t").join("u", "u.t", "=", "t.id");
    const lossy: readonly (() => { toSQL(): unknown })[] = [
      () => joined.select("t.id", "u.id"),
      () => joined.select("t.id").select("u.id"),
      () => joined.select("at", "t.id as at"),
      () => joined.select("at", db.raw("u.id").as("at")),
      () => joined.count().max("u.id", "count"),
      () => joined.select("t.id as id").count("u.id", "id"),
      () => db.from("t").select(db.raw("1").as("a"), db.raw("2").as("a")),
      () => db.insert("t").values({ id: 4, at: 5 }).returning("id", "at as id"),
      () => db.update("t").set({ at: 6 }).eq("id", 1).returning("id as a", "at as a"),
      () => db.delete("t").eq("id", 1).returning("id as a", "at as a"),
    ];
    for (const make of lossy) {
      assert.throws(
        () => make().toSQL(),
        { code: "QUERY_INVALID_ARGUMENT", message: /as other/ },
        String(make),
      );
    }
    assert.deepEqual(await joined.select("t.id", "u.id as other").yield(), [{ id: 1, other: 3 }]);
    assert.deepEqual(await joined.select("t.id", "t.id", "at", "t.at").yield(), [{ id: 1, at: 2 }]);
    const twice = db.insert("t").from(joined.select("u.id", "t.id"), "id", "at");
    assert.deepEqual(await twice.returning("id", "at").yield(), [{ id: 3, at: 1 }]);
    assert.equal(await db.from("t").exists(joined.select("t.id", "u.id")).count().value(), 2);
  });
});

describe("names that are also words of this package", () => {
  it("never make one statement of two", () => {
    const db = new Database();
    const word = fc.constantFrom(
      "a",
      "b",
      "update",
      "nothing",
      "set",
      "conflict",
      "values",
      "returning",
      "from",
    );
    const words = (minLength: number) => fc.uniqueArray(word, { minLength, maxLength: 3 });
    const names = (list: readonly string[]) => list.map((name) => `\`${name}\``).join(", ");
    const check = (keys: string[], changed: string[], returned: string[]) => {
      const conflict = db
        .insert("t")
        .values({ a: 1 })
        .onConflict(...keys);
      const insert = changed.length > 0 ? conflict.doUpdate(changed) : conflict.doNothing();
      const set = changed.map((name) => `\`${name}\` = excluded.\`${name}\``).join(", ");
      assert.equal(
        insert.returning(...returned).toSQL().sql,
        `INSERT INTO \`t\` (\`a\`) VALUES (?) ON CONFLICT (${names(keys)}) DO ${set ? `UPDATE SET ${set}` : "NOTHING"}` +
          ` RETURNING ${returned.length > 0 ? names(returned) : "*"}`,
      );
      const select = db
        .from("t")
        .select(...(returned as ["a"]))
        .groupBy(...keys)
        .groupBy(...changed);
      assert.equal(
        select.toSQL().sql,
        `SELECT ${returned.length > 0 ? names(returned) : "*"} FROM \`t\` GROUP BY ${names([...keys, ...changed])}`,
      );
    };
    fc.assert(fc.property(words(1), words(0), words(0), check), { numRuns: 2000 });
  });
});

describeEach("an association of columns of different types", (dialect) => {
  for (const bigint of ["number", "bigint", "string"] as const) {
    it(`finds its rows, with bigint as ${bigint}`, async (context) => {
      const db = await connectTo(context, dialect, { bigint });
      const User = defineModel(db, "users", { id: { type: "bigint", primaryKey: true } });
      const Post = defineModel(
        db,
        "posts",
        { id, authorId: { type: "integer" }, day: { type: "datetime" } },
        {
          author: { type: "belongsTo", model: () => User, foreignKey: "authorId" },
          same: { type: "hasMany", model: (): never => Post as never, foreignKey: "day", sourceKey: "day" },
        },
      );
      await User.sync();
      await Post.sync();
      await db
        .insert("users")
        .values([{ id: 5 }, { id: 6 }])
        .yield();
      const day = new Date("2024-01-01T00:00:00.001Z");
      await Post.createMany([
        { id: 1, authorId: 5, day },
        { id: 2, authorId: null, day },
        { id: 3, authorId: 6, day: new Date(day.getTime() + 1) },
      ]);
      const posts = await Post.findAll(Post.where().order("id"), { include: ["author", "same"] });
      assert.deepEqual(
        posts.map(({ author, same }) => [
          author && String(author.id),
          (same as { id: number }[]).map((each) => each.id),
        ]),
        [
          ["5", [1, 2]],
          [null, [1, 2]],
          ["6", [3]],
        ],
      );
    });
  }
});

/** A schema that is there, and the SQL that makes it. */
const schemas = { "node:sqlite": "main", sqlite3: "main", pg: "other_schema" } as const;

for (const dialect of dialects) {
  const schema = schemas[dialect];
  describe(`a table of the schema ${schema} (${dialect})`, { skip: missing[dialect] }, () => {
    const open = async (context: TestContext) => {
      const db = await connectTo(context, dialect);
      if (dialect === "pg") {
        const admin = new Database(await createDatabase(context, dialect));
        await admin.connect();
        await admin.query(`CREATE SCHEMA ${schema}`);
        context.after(async () => {
          await admin.query(`DROP SCHEMA ${schema} CASCADE`);
          await admin.disconnect();
        });
      }
      return db;
    };

    it("is made, changed, indexed, referred to and dropped by its whole name", async (context) => {
      const db = await open(context);
      await db.createTable(`${schema}.shelf`, { id, label: { type: "text", index: true } }).yield();
      await db
        .createTable(`${schema}.book`, {
          id,
          shelfId: { type: "integer", references: { table: `${schema}.shelf`, column: "id" } },
        })
        .yield();
      await db
        .createTable(`${schema}.shelf`, { id, label: { type: "text", index: true } }, { ifNotExists: true })
        .yield();
      await db.createIndex(`${schema}.book`, ["shelfId", "id"], { unique: true }).yield();
      await db.createIndex(`${schema}.book`, "id", { name: "by_id" }).yield();
      await db.createIndex(`${schema}.book`, "shelfId", { name: `${schema}.by_shelf` }).yield();
      for (const name of ["shelf_label", "book_shelfId_id", "by_id", "by_shelf"]) {
        await db.dropIndex(`${schema}.${name}`).yield();
      }
      await db.alterTable(`${schema}.book`).addColumn("title", { type: "text" }).yield();
      await db.alterTable(`${schema}.book`).renameColumn("title", "name").yield();
      await db.insert(`${schema}.shelf`).values({ id: 1, label: "a" }).yield();
      await db.insert(`${schema}.book`).values({ id: 1, shelfId: 1, name: "b" }).returning().yield();
      await assert.rejects(db.insert(`${schema}.book`).values({ id: 2, shelfId: 9 }).yield(), {
        code: "QUERY_CONSTRAINT_FAILED",
      });
      await db.update(`${schema}.book`).set({ name: "c" }).eq(`${schema}.book.id`, 1).yield();
      assert.deepEqual(
        await db
          .select(`${schema}.book.name`, "shelf.label as label", `${schema}.shelf.*`)
          .from(`${schema}.book`)
          .join(`${schema}.shelf`, `${schema}.book.shelfId`, "=", `${schema}.shelf.id`)
          .eq(`${schema}.shelf.label`, "a")
          .order(`${schema}.book.id`)
          .yield(),
        [{ name: "c", label: "a", id: 1 }],
      );
      await db.delete(`${schema}.book`).eq("id", 1).yield();
      await db.alterTable(`${schema}.book`).dropColumn("name").yield();
      await db.truncate(`${schema}.book`).yield();
      await db.dropTable(`${schema}.book`).yield();
      await db.dropTable(`${schema}.book`, { ifExists: true }).yield();
    });

    it("keeps its schema when it gets another name", async (context) => {
      const db = await open(context);
      for (const [from, to, then] of [
        ["draft", `${schema}.letter`, "letter"],
        ["letter", "note", "note"],
      ] as const) {
        if (from === "draft") await db.createTable(`${schema}.${from}`, { id }).yield();
        await db.alterTable(`${schema}.${from}`).rename(to).yield();
        assert.deepEqual(await db.from(`${schema}.${then}`).yield(), []);
      }
      for (const [table, to] of [
        [`${schema}.note`, "elsewhere.note"],
        [`${schema}.note`, `${schema}.`],
        ["note", `${schema}.note`],
        ["note", ""],
      ] as const) {
        assert.throws(() => db.alterTable(table).rename(to), { code: "QUERY_INVALID_ARGUMENT" });
      }
      assert.throws(() => db.createIndex(`${schema}.note`, "id", { name: "elsewhere.by_id" }), {
        code: "QUERY_INVALID_ARGUMENT",
        message: /schema/,
      });
    });

    it("holds the rows of a model, also those between others", async (context) => {
      const { List } = await createSongs(await open(context), `${schema}.`);
      const [list] = await List.findAll(undefined, { include: { songs: { order: ["at"] } } });
      assert.deepEqual(
        list?.songs.map((song) => song.title),
        ["old", "new"],
      );
    });

    it("has its columns in the types of a schema", async (context) => {
      const untyped = await open(context);
      await untyped.createTable(`${schema}.typed`, { id, name: { type: "text" } }).yield();
      await untyped.insert(`${schema}.typed`).values({ id: 1, name: "x" }).yield();
      const db = untyped as unknown as Database<{ "main.typed": { id: number; name: string | null } }>;
      const select = db.from("main.typed").select("main.typed.name", "id").eq("main.typed.id", 1);
      const rows = async (): Promise<{ name: string | null; id: number }[]> => select.yield();
      if (schema === "main") assert.deepEqual(await rows(), [{ name: "x", id: 1 }]);
      // @ts-expect-error: a text is no id
      select.eq("main.typed.id", "1");
    });
  });
}

for (const dialect of ["node:sqlite", "sqlite3"] as const) {
  describe(`a schema that was attached (${dialect})`, { skip: missing[dialect] }, () => {
    it("can be read, written and joined like the others", async (context) => {
      const db = await connectTo(context, dialect);
      const file = join(await createFolder(context), "other.sqlite3");
      await db.query(`ATTACH '${file}' AS aux`);
      await db.createTable("shelf", { id, label: { type: "text" } }).yield();
      await db.insert("shelf").values({ id: 1, label: "here" }).yield();
      await db
        .createTable("aux.shelf", { id, label: { type: "text", index: true }, at: { type: "date" } })
        .yield();
      const at = new Date("2024-02-03T04:05:06Z");
      await db.insert("aux.shelf").values({ id: 1, label: "there", at }).yield();
      const there = { id: 1, label: "there", at: "2024-02-03" };
      assert.deepEqual(await db.from("aux.shelf").eq("at", at).yield(), [there]);
      assert.deepEqual(await db.query("SELECT * FROM aux.shelf"), [there]);
      const read: object[] = [];
      for await (const row of db.from("aux.shelf").iterate()) read.push(row);
      assert.deepEqual(read, [there]);
      assert.deepEqual(
        await db
          .select("a.label as a", "b.label as b")
          .from("main.shelf", "a")
          .join(["aux.shelf", "b"], "a.id", "=", "b.id")
          .yield(),
        [{ a: "here", b: "there" }],
      );
      await db.dropIndex("aux.shelf_label").yield();
      await db.query("CREATE TEMP TABLE scratch (n INTEGER)");
      assert.deepEqual(await db.from("temp.scratch").yield(), []);
      await assert.rejects(db.from("nowhere.shelf").yield(), {
        code: "QUERY_STATEMENT_FAILED",
        message: /nowhere/,
      });
      await assert.rejects(db.from("nothing").yield(), {
        code: "QUERY_STATEMENT_FAILED",
        message: /nothing/,
      });
    });
  });
}

describe("references of SQLite", () => {
  it("cannot reach another schema", () => {
    const db = new Database();
    const refer = (table: string, to: string) =>
      db.createTable(table, { id, a: { type: "integer", references: { table: to, column: "id" } } }).toSQL()
        .sql;
    assert.match(refer("t", "main.u"), /REFERENCES `u` \(`id`\)/);
    assert.match(refer("aux.t", "aux.u"), /REFERENCES `u` \(`id`\)/);
    assert.throws(() => refer("t", "aux.u"), { code: "QUERY_NOT_SUPPORTED", message: /schema/ });
    assert.throws(() => refer("aux.t", "main.u"), { code: "QUERY_NOT_SUPPORTED" });
  });
});
