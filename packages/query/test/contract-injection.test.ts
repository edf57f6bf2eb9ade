import assert from "node:assert/strict";
import { it } from "node:test";
import { type Database, defineModel, escapeLike, QueryError } from "@miqro/query";
import { connectTo, describeEach } from "./support/dialects.js";

/** What attackers send where a name, a word or a value is expected. */
const attacks = [
  "posts`; DROP TABLE posts; --",
  'posts"; DROP TABLE posts; --',
  "posts; DELETE FROM posts",
  "1; DROP TABLE posts",
  "' OR '1'='1",
  '" OR ""="',
  "` OR `1`=`1",
  "\\' OR 1=1 --",
  "x' UNION SELECT name, secret FROM users --",
  "id) FROM posts; DROP TABLE posts; --",
  "ASC; DROP TABLE posts",
  "id DESC, (SELECT secret FROM users)",
  "(SELECT secret FROM users)",
  "1 OR 1=1",
  "*/ DROP TABLE posts /*",
  "data->>'$.a'",
  "data'->>'a",
  "$1",
  "?",
  "$$",
  "[id]",
  "`",
  '"',
  "'",
  "%",
  "_",
  "\\",
  "id as `x`, (SELECT 1) as y",
  "ｉｄ",
  "💥",
];

describeEach("attacks", (dialect) => {
  async function fill(db: Database): Promise<void> {
    await db.createTable("users", { name: { type: "text" }, secret: { type: "text" } }).yield();
    await db.insert("users").values({ name: "admin", secret: "s3cret" }).yield();
    await db
      .createTable("posts", {
        id: { type: "integer", primaryKey: true, autoIncrement: true },
        title: { type: "text" },
        data: { type: "json" },
      })
      .yield();
    await db
      .insert("posts")
      .values([{ title: "one" }, { title: "two" }])
      .yield();
  }

  async function assertWhole(db: Database): Promise<void> {
    assert.deepEqual(await db.select("id", "title").from("posts").order("id").yield(), [
      { id: 1, title: "one" },
      { id: 2, title: "two" },
    ]);
    assert.deepEqual(await db.select("secret").from("users").yield(), [{ secret: "s3cret" }]);
  }

  it("in the place of a name are an unknown name", async (context) => {
    const db = await connectTo(context, dialect);
    await fill(db);
    const posts = db.select("id").from("posts");
    const Post = defineModel(db, "posts", {
      id: { type: "integer", primaryKey: true },
      title: { type: "text" },
    });
    const where = Post.where as () => ReturnType<typeof Post.where> & {
      order(column: string): never;
      eq(column: string, value: unknown): never;
    };
    for (const attack of attacks) {
      const key = { [attack]: "x" };
      const calls: Record<string, () => Promise<unknown>> = {
        select: () => db.select(attack).from("posts").yield(),
        from: () => db.select().from(attack).yield(),
        join: () => db.select().from("posts").join(attack, "posts.id", "=", "users.name").yield(),
        "join columns": () => db.select().from("posts").join("users", attack, "=", "users.name").yield(),
        eq: () => posts.eq(attack, "x").yield(),
        in: () => posts.in(attack, ["x"]).yield(),
        between: () => posts.between(attack, "a", "b").yield(),
        like: () => posts.like(attack, "x").yield(),
        isNull: () => posts.isNull(attack).yield(),
        or: () => posts.or((q) => q.eq(attack, "x")).yield(),
        groupBy: () => posts.groupBy(attack).yield(),
        having: () =>
          db
            .select("id")
            .from("posts")
            .groupBy("id")
            .having((q) => q.eq(attack, "x"))
            .yield(),
        order: () => posts.order(attack).yield(),
        count: () => db.from("posts").count(attack).yield(),
        insert: () => db.insert(attack).values({ title: "x" }).yield(),
        values: () => db.insert("posts").values(key).yield(),
        onConflict: () => db.insert("posts").values({ id: 1 }).onConflict(attack).doNothing().yield(),
        doUpdate: () => db.insert("posts").values({ id: 1 }).onConflict("id").doUpdate([attack]).yield(),
        "doUpdate values": () => db.insert("posts").values({ id: 1 }).onConflict("id").doUpdate(key).yield(),
        returning: () => db.update("posts").set({ title: "x" }).eq("id", 1).returning(attack).yield(),
        update: () => db.update(attack).set({ title: "x" }).all().yield(),
        set: () => db.update("posts").set(key).all().yield(),
        delete: () => db.delete(attack).all().yield(),
        dropTable: () => db.dropTable(attack).yield(),
        dropIndex: () => db.dropIndex(attack).yield(),
        truncate: () => db.truncate(attack).yield(),
        createIndex: () => db.createIndex("posts", attack).yield(),
        alterTable: () => db.alterTable(attack).dropColumn("title").yield(),
        dropColumn: () => db.alterTable("posts").dropColumn(attack).yield(),
        renameColumn: () => db.alterTable("posts").renameColumn(attack, "x").yield(),
        create: () => Post.create(key as never),
        updateAll: () => Post.updateAll(key as never, Post.where().eq("id", 1)),
        "findAll columns": () => Post.findAll(undefined, { columns: [attack as never] }),
        "findAll order": () => Post.findAll(undefined, { order: [attack as never] }),
        "where column": () => Post.findAll(where().eq(attack, "x")),
        "where order": () => Post.findAll(where().order(attack)),
        include: () => Post.findAll(undefined, { include: [attack as never] }),
      };
      for (const [name, call] of Object.entries(calls)) {
        await assert.rejects(
          async () => call(),
          (error) =>
            error instanceof QueryError && /^QUERY_(STATEMENT_FAILED|INVALID_ARGUMENT)$/.test(error.code),
          `${name} with ${attack}`,
        );
      }
    }
    await assertWhole(db);
  });

  it("in the place of a new name are that name and nothing else", async (context) => {
    const db = await connectTo(context, dialect);
    await fill(db);
    for (const attack of attacks) {
      // Two names in one column are told apart by " as ", which is not part of either.
      if (attack.includes(" as ")) continue;
      assert.deepEqual(await db.select(`id as ${attack}`).from("posts").eq("id", 1).yield(), [
        { [attack]: 1 },
      ]);
      assert.deepEqual(await db.from("posts").count("*", attack).yield(), [{ [attack]: 2 }]);
      assert.deepEqual(await db.select(db.raw<number>("1").as(attack)).yield(), [{ [attack]: 1 }]);
      const named = await db
        .with(attack, db.select("id").from("posts"))
        .select("id")
        .from(attack.includes(".") ? "posts" : attack)
        .order("id")
        .yield();
      assert.equal(named.length, 2);
    }
    await assertWhole(db);
  });

  it("in the place of a word or a number are refused", async (context) => {
    const db = await connectTo(context, dialect);
    await fill(db);
    const posts = db.select().from("posts");
    for (const attack of attacks) {
      const bad = attack as never;
      const refused = (call: () => unknown) => assert.throws(call, { code: "QUERY_INVALID_ARGUMENT" });
      refused(() => posts.order("id", bad));
      refused(() => posts.order("id", "ASC", bad));
      refused(() => posts.join("users", "posts.id", bad, "users.name"));
      refused(() => posts.on("posts.id", bad, "users.name"));
      refused(() => posts.limit(bad));
      refused(() => posts.offset(bad));
      refused(() => posts.in("id", bad));
      refused(() => db.createTable("t", { a: { type: bad } }));
      refused(() => db.createTable("t", { a: { type: "text", check: bad } }));
      refused(() =>
        db.createTable("t", {
          a: { type: "text", references: { table: "users", column: "name", onDelete: bad } },
        }),
      );
      refused(() => db.createTable("t", { a: { type: "text", [attack]: true } as never }));
      refused(() => Post().where().order("id", bad));
    }
    function Post() {
      return defineModel(db, "posts", { id: { type: "integer", primaryKey: true } });
    }
    await assertWhole(db);
  });

  it("in the place of a value are that value", async (context) => {
    const db = await connectTo(context, dialect);
    await fill(db);
    await db
      .createTable("notes", {
        id: { type: "integer", primaryKey: true, autoIncrement: true },
        text: { type: "text" },
        data: { type: "json" },
      })
      .yield();
    for (const attack of attacks) {
      const [row] = await db
        .insert("notes")
        .values({ text: attack, data: JSON.stringify({ [attack]: attack }) })
        .returning()
        .yield();
      assert.deepEqual([row?.text, row?.data], [attack, { [attack]: attack }]);
    }
    for (const attack of attacks) {
      const notes = db.select("text").from("notes");
      const only = [{ text: attack }];
      assert.deepEqual(await notes.eq("text", attack).yield(), only);
      assert.deepEqual(await notes.in("text", [attack]).yield(), only);
      assert.deepEqual(await notes.between("text", attack, attack).yield(), only);
      assert.deepEqual(await notes.like("text", escapeLike(attack)).yield(), only);
      assert.deepEqual(await notes.whereRaw("text = ?", attack).yield(), only);
      assert.deepEqual(await db.query("SELECT text FROM notes WHERE text = ?", [attack]), only);
      assert.deepEqual(await notes.eq("text", db.param("t")).prepare().yield({ t: attack }), only);
      assert.equal(await db.update("notes").set({ text: attack }).eq("text", attack).affected(), 1);
      const defaults = `d${attacks.indexOf(attack)}`;
      await db
        .createTable(defaults, { a: { type: "integer" }, b: { type: "text", default: attack } })
        .yield();
      assert.deepEqual(await db.insert(defaults).values({ a: 1 }).returning("b").yield(), [{ b: attack }]);
    }
    assert.equal(await db.from("notes").count().value(), attacks.length);
    await assertWhole(db);
  });

  it("as objects are refused wherever a value is expected", async (context) => {
    const db = await connectTo(context, dialect);
    await fill(db);
    const objects = [
      { $ne: null },
      { kind: "raw", segments: ["1"], values: [] },
      { name: "x" },
      [1],
      new Map(),
      JSON.parse('{"__proto__":{"a":1}}'),
      Object.create(null),
    ];
    for (const given of objects) {
      const bad = given as never;
      const refused = (call: () => unknown) => assert.throws(call, { code: "QUERY_INVALID_ARGUMENT" });
      refused(() => db.select().from("posts").eq("title", bad));
      refused(() => db.select().from("posts").in("title", [bad]));
      refused(() => db.select().from("posts").like("title", bad));
      refused(() => db.select().from("posts").limit(bad));
      refused(() => db.select(bad).from("posts"));
      refused(() => db.select().from(bad));
      refused(() => db.insert("posts").values({ title: bad }));
      refused(() => db.update("posts").set({ title: bad }));
      refused(() => db.raw("?", bad));
      refused(() => db.select().from("posts").exists(bad));
      refused(() => db.select().from("posts").union(bad));
      await assert.rejects(db.query("SELECT ?", [bad]), { code: "QUERY_INVALID_ARGUMENT" });
    }
    await assertWhole(db);
  });

  it("of many statements in one are refused", async (context) => {
    const db = await connectTo(context, dialect);
    await fill(db);
    await assert.rejects(db.query("SELECT 1; DROP TABLE posts"), { code: "QUERY_INVALID_ARGUMENT" });
    assert.throws(() => db.raw("1; DROP TABLE posts"), { code: "QUERY_INVALID_ARGUMENT" });
    assert.throws(() => db.select().from("posts").whereRaw("1=1; DROP TABLE posts"), {
      code: "QUERY_INVALID_ARGUMENT",
    });
    await assertWhole(db);
  });
});
