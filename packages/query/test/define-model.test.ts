import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { defineModel, type QueryScope } from "@miqro/query";
import { connect, withoutSqlite } from "./support/sqlite.js";

function definePost(db: QueryScope) {
  return defineModel(db, "posts", {
    id: { type: "integer", primaryKey: true, autoIncrement: true },
    title: { type: "string" },
    published: { type: "boolean" },
    createdAt: { type: "datetime" },
    meta: { type: "json" },
  });
}

async function createModel(context: TestContext) {
  const db = await connect(context);
  const Post = definePost(db);
  await Post.sync();
  await Post.sync();
  return { db, Post };
}

describe("defineModel", { skip: withoutSqlite }, () => {
  it("creates a row and resolves to all of it", async (context) => {
    const { Post } = await createModel(context);
    const createdAt = new Date();
    assert.deepEqual(
      await Post.create({ title: "hello", published: false, createdAt, meta: { tags: ["a"] } }),
      {
        id: 1,
        title: "hello",
        published: false,
        createdAt,
        meta: { tags: ["a"] },
      },
    );
  });

  it("finds by conditions, order, limit, offset and columns", async (context) => {
    const { Post } = await createModel(context);
    const rows = ["a", "b", "c", "d"].map((title, index) => ({ title, published: index > 0 }));
    assert.equal((await Post.createMany(rows)).length, 4);
    const published = Post.where().eq("published", true);
    const found = await Post.findAll(published.order("title", "DESC"), {
      limit: 2,
      offset: 1,
      columns: ["title"],
    });
    assert.deepEqual(found, [{ title: "b" }].toSpliced(0, 0, { title: "c" }));
    assert.equal((await Post.findAll()).length, 4);
    assert.equal((await Post.findAll(undefined, { order: [["id", "DESC"]] }))[0]?.title, "d");
    assert.equal((await Post.findOne(published.order("id")))?.title, "b");
    assert.equal((await Post.findById(3))?.title, "c");
    assert.equal(await Post.findById(99), undefined);
    assert.equal(await Post.count(published), 3);
    assert.equal(await Post.count(), 4);
  });

  it("updates and deletes by conditions and resolves to the number of rows", async (context) => {
    const { Post } = await createModel(context);
    await Post.createMany([{ title: "a" }, { title: "b" }, { title: "c" }]);
    const some = Post.where().or((q) => q.eq("title", "a").eq("title", "b"));
    assert.equal(await Post.updateAll({ published: true, meta: [1] }, some), 2);
    assert.deepEqual((await Post.findById(1))?.meta, [1]);
    assert.equal(await Post.deleteAll(Post.where().eq("published", true)), 2);
    assert.equal(await Post.count(), 1);
  });

  it("refuses to update or delete without a condition, and what is not its own", async (context) => {
    const { Post } = await createModel(context);
    const loose = { code: "QUERY_MISSING_CONDITION" };
    await assert.rejects(Post.updateAll({ title: "x" }, Post.where()), loose);
    await assert.rejects(Post.deleteAll(Post.where().order("id")), loose);
    await assert.rejects(Post.deleteAll(undefined as never), /Model\.where/);
    await assert.rejects(Post.deleteAll({ id: 1 } as never), /Model\.where/);
    await assert.rejects(Post.create({ titel: "x" } as never), /no column "titel"/);
    await assert.rejects(Post.create({ title: { evil: true } } as never), /an object/);
    await assert.rejects(Post.findAll(undefined, { columns: ["nope" as "id"] }), /no column "nope"/);
    await assert.rejects(Post.findAll(undefined, { limit: -1 }), /limit/);
  });

  it("works inside a transaction with its tx", async (context) => {
    const { db, Post } = await createModel(context);
    await assert.rejects(
      db.transaction(async (tx) => {
        await definePost(tx).create({ title: "undone" });
        throw new Error("on purpose");
      }),
    );
    assert.equal(await Post.count(), 0);
  });
});
