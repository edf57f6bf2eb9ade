import assert from "node:assert/strict";
import { it, type TestContext } from "node:test";
import { type Database, type DialectName, defineModel, type Logger, type Model } from "@miqro/query";
import { connectTo, describeEach } from "./support/dialects.js";

const userColumns = {
  id: { type: "integer", primaryKey: true, autoIncrement: true },
  name: { type: "string", notNull: true, unique: true },
} as const;

const postColumns = {
  id: { type: "integer", primaryKey: true, autoIncrement: true },
  title: { type: "string", notNull: true },
  authorId: { type: "integer", references: { table: "users", column: "id" }, index: true },
  meta: { type: "json" },
  at: { type: "datetime" },
} as const;

function defineAll(db: Database) {
  // biome-ignore lint/suspicious/noExplicitAny: two models that need each other are more than inference can do
  const User: Model<typeof userColumns, any> = defineModel(db, "users", userColumns, {
    posts: { type: "hasMany", model: () => Post, foreignKey: "authorId" },
    latest: { type: "hasOne", model: () => Post, foreignKey: "authorId" },
  });
  const Tag = defineModel(db, "tags", {
    id: { type: "integer", primaryKey: true },
    label: { type: "text", notNull: true },
  });
  const Post = defineModel(db, "posts", postColumns, {
    author: { type: "belongsTo", model: () => User as Model<typeof userColumns>, foreignKey: "authorId" },
    tags: {
      type: "manyToMany",
      model: () => Tag,
      through: "post_tags",
      foreignKey: "postId",
      otherKey: "tagId",
    },
  });
  return { User, Post, Tag };
}

async function connectFilled(context: TestContext, dialect: DialectName, logger?: Logger) {
  const db = await connectTo(context, dialect, logger === undefined ? {} : { logger });
  const models = defineAll(db);
  await models.User.sync();
  await models.Post.sync();
  await models.Post.sync();
  await models.Tag.sync();
  await db
    .createTable("post_tags", {
      postId: { type: "integer", primaryKey: true },
      tagId: { type: "integer", primaryKey: true },
    })
    .yield();
  await models.User.createMany([{ name: "Ada" }, { name: "Bob" }]);
  await models.Tag.createMany([
    { id: 1, label: "red" },
    { id: 2, label: "blue" },
  ]);
  return { db, ...models };
}

describeEach("defineModel", (dialect) => {
  it("creates, finds, counts, updates and deletes", async (context) => {
    const { Post } = await connectFilled(context, dialect);
    const at = new Date("2024-05-06T07:08:09.010Z");
    const first = await Post.create({ title: "one", authorId: 1, meta: { a: [1, "x"] }, at });
    assert.deepEqual(first, { id: 1, title: "one", authorId: 1, meta: { a: [1, "x"] }, at });
    await Post.createMany([{ title: "two" }, { title: "three" }]);
    assert.deepEqual(await Post.findById(1), first);
    assert.deepEqual(
      (await Post.findAll(Post.where().gt("id", 1).order("title"), {
        columns: ["title"],
        limit: 1,
        offset: 1,
      })) as unknown,
      [{ title: "two" }],
    );
    assert.equal(await Post.count(Post.where().isNull("authorId")), 2);
    assert.equal(await Post.updateAll({ meta: null }, Post.where().eq("at", at)), 1);
    assert.equal((await Post.findOne(Post.where().eq("id", 1)))?.meta, null);
    assert.equal(await Post.deleteAll(Post.where().in("title", ["one", "two"])), 2);
    await assert.rejects(Post.deleteAll(Post.where()), { code: "QUERY_MISSING_CONDITION" });
    await assert.rejects(Post.updateAll({ title: "x" }, Post.where()), { code: "QUERY_MISSING_CONDITION" });
  });

  it("loads associations with one query each", async (context) => {
    const sent: string[] = [];
    const ignore = () => {};
    const logger = {
      error: ignore,
      warn: ignore,
      info: ignore,
      trace: ignore,
      debug: (_: unknown, text: unknown) => void sent.push(String(text)),
    };
    const { db, Post, User } = await connectFilled(context, dialect, logger);
    await Post.createMany(
      Array.from({ length: 1000 }, (_, index) => ({
        title: `t${index}`,
        authorId: index === 999 ? null : 1 + (index % 2),
      })),
    );
    await db
      .insert("post_tags")
      .values([
        { postId: 1, tagId: 2 },
        { postId: 1, tagId: 1 },
        { postId: 2, tagId: 1 },
      ])
      .yield();
    sent.length = 0;
    const posts = await Post.findAll(undefined, { include: ["author"], order: ["id"] });
    assert.equal(sent.length, 2);
    assert.equal(posts.length, 1000);
    assert.deepEqual(
      [posts[0]?.author, posts[1]?.author, posts[999]?.author],
      [{ id: 1, name: "Ada" }, { id: 2, name: "Bob" }, null],
    );
    sent.length = 0;
    const tagged = await Post.findAll(Post.where().lte("id", 3).order("id"), {
      columns: ["title"],
      include: { tags: { order: ["label"] } },
    });
    assert.equal(sent.length, 2);
    assert.deepEqual(tagged as unknown, [
      {
        title: "t0",
        tags: [
          { id: 2, label: "blue" },
          { id: 1, label: "red" },
        ],
      },
      { title: "t1", tags: [{ id: 1, label: "red" }] },
      { title: "t2", tags: [] },
    ]);
    sent.length = 0;
    const users = await User.findAll(User.where().order("id"), {
      include: {
        posts: {
          where: Post.where().lt("id", 5),
          columns: ["id"],
          order: [["id", "DESC"]],
          include: ["tags"],
        },
        latest: true,
      },
    });
    assert.equal(sent.length, 4);
    assert.deepEqual(users[0]?.posts, [
      { id: 3, tags: [] },
      {
        id: 1,
        tags: [
          { id: 1, label: "red" },
          { id: 2, label: "blue" },
        ],
      },
    ]);
    assert.ok(users[0]?.latest !== null);
    await assert.rejects(Post.findAll(undefined, { include: ["nope" as never] }), /no association "nope"/);
  });

  it("inserts a row or changes the one that is there", async (context) => {
    const { User } = await connectFilled(context, dialect);
    assert.deepEqual(await User.upsert({ id: 1, name: "Eve" }), { id: 1, name: "Eve" });
    assert.deepEqual(await User.upsert({ id: 9, name: "Nia" }), { id: 9, name: "Nia" });
    assert.deepEqual(await User.upsert({ name: "Nia" }, ["name"]), { id: 9, name: "Nia" });
    await assert.rejects(User.upsert({ name: "x" }), /"id"/);
  });

  it("gives pages, and rows one by one", async (context) => {
    const { Post } = await connectFilled(context, dialect);
    await Post.createMany(Array.from({ length: 45 }, (_, index) => ({ title: `t${index}` })));
    const page = await Post.paginate(Post.where().gt("id", 5), { page: 2, size: 15, order: ["id"] });
    assert.deepEqual(
      { ...page, rows: page.rows.map((row) => row.id) },
      {
        rows: Array.from({ length: 15 }, (_, index) => 21 + index),
        page: 2,
        size: 15,
        total: 40,
        pages: 3,
      },
    );
    assert.deepEqual((await Post.paginate(undefined, { page: 9 })).rows, []);
    await assert.rejects(Post.paginate(undefined, { page: 0 }), { code: "QUERY_INVALID_ARGUMENT" });
    let seen = 0;
    for await (const row of Post.iterate(Post.where().order("id"))) assert.equal(row.id, ++seen);
    assert.equal(seen, 45);
  });

  it("works in a transaction", async (context) => {
    const { db, User } = await connectFilled(context, dialect);
    await assert.rejects(
      db.transaction(async (tx) => {
        await User.in(tx).create({ name: "Cy" });
        assert.equal(await User.in(tx).count(), 3);
        throw new Error("undone");
      }),
      /undone/,
    );
    assert.equal(await User.count(), 2);
  });
});
