import assert from "node:assert/strict";
import { it, type TestContext } from "node:test";
import { type Database, type DialectName, escapeLike } from "@miqro/query";
import { connectTo, describeEach, toSql } from "./support/dialects.js";

async function connectFilled(context: TestContext, dialect: DialectName, options = {}): Promise<Database> {
  const db = await connectTo(context, dialect, options);
  await db
    .createTable("users", {
      id: { type: "integer", primaryKey: true, autoIncrement: true },
      name: { type: "string", notNull: true },
    })
    .yield();
  await db
    .createTable("posts", {
      id: { type: "integer", primaryKey: true, autoIncrement: true },
      title: { type: "string", notNull: true },
      likes: { type: "integer" },
      published: { type: "boolean", notNull: true, default: false },
      authorId: { type: "integer", references: { table: "users", column: "id" } },
    })
    .yield();
  await db
    .insert("users")
    .values([{ name: "Ada" }, { name: "Bob" }, { name: "Cy" }])
    .yield();
  await db
    .insert("posts")
    .values([
      { title: "one", likes: 5, published: true, authorId: 1 },
      { title: "Two", likes: null, published: false, authorId: 1 },
      { title: "three%", likes: 2, published: true, authorId: 2 },
      { title: "four", likes: 2, published: true, authorId: null },
    ])
    .yield();
  return db;
}

describeEach("select", (dialect) => {
  const sql = (text: string) => toSql(dialect, text);

  it("gives the rows of conditions, a join, order and limit", async (context) => {
    const db = await connectFilled(context, dialect);
    const query = db
      .select("posts.id", "users.name as author")
      .from("posts")
      .innerJoin("users", "posts.authorId", "=", "users.id")
      .eq("published", true)
      .gt("likes", 1)
      .like("title", "%e%")
      .order("posts.id", "DESC")
      .limit(5)
      .offset(0);
    assert.deepEqual(query.toSQL(), {
      sql: sql(
        "SELECT `posts`.`id`, `users`.`name` AS `author` FROM `posts` INNER JOIN `users` ON `posts`.`authorId` = `users`.`id` " +
          "WHERE `published` = ? AND `likes` > ? AND `title` LIKE ? ESCAPE '\\' ORDER BY `posts`.`id` DESC NULLS FIRST LIMIT ? OFFSET ?",
      ),
      params: [true, 1, "%e%", 5, 0],
    });
    assert.deepEqual(await query.yield(), [
      { id: 3, author: "Bob" },
      { id: 1, author: "Ada" },
    ]);
  });

  it("keeps the rows of outer joins", async (context) => {
    const db = await connectFilled(context, dialect);
    const titles = db.select("posts.title", "users.name").from("posts");
    const on = ["posts.authorId", "=", "users.id"] as const;
    const left = titles.leftJoin("users", ...on).order("posts.id");
    assert.deepEqual((await left.yield()).at(-1), { title: "four", name: null });
    const right = titles
      .rightJoin("users", ...on)
      .order("users.id")
      .order("posts.id");
    assert.deepEqual((await right.yield()).at(-1), { title: null, name: "Cy" });
    assert.equal((await titles.fullJoin("users", ...on).yield()).length, 5);
  });

  it("gives tables and selects other names", async (context) => {
    const db = await connectFilled(context, dialect);
    const best = db.select("authorId").from("posts", "p").max("p.likes", "best").groupBy("authorId");
    const query = db
      .select("u.name", "b.best")
      .from(best, "b")
      .join(["users", "u"], (q) => q.on("u.id", "=", "b.authorId").neq("u.name", "Zoe"))
      .order("u.name");
    assert.equal(
      query.toSQL().sql,
      sql(
        "SELECT `u`.`name`, `b`.`best` FROM (SELECT `authorId`, max(`p`.`likes`) AS `best` FROM `posts` AS `p` GROUP BY `authorId`) " +
          "AS `b` INNER JOIN `users` AS `u` ON `u`.`id` = `b`.`authorId` AND `u`.`name` <> ? ORDER BY `u`.`name` ASC NULLS LAST",
      ),
    );
    assert.deepEqual(await query.yield(), [
      { name: "Ada", best: 5 },
      { name: "Bob", best: 2 },
    ]);
  });

  it("negates groups and asks whether rows exist", async (context) => {
    const db = await connectFilled(context, dialect);
    const query = db
      .select("name")
      .from("users")
      .not((q) => q.eq("name", "Ada").gt("id", 0))
      .exists(db.select("id").from("posts").on("posts.authorId", "=", "users.id").gt("likes", 1));
    assert.equal(
      query.toSQL().sql,
      sql(
        "SELECT `name` FROM `users` WHERE NOT (`name` = ? AND `id` > ?) AND EXISTS (SELECT `id` FROM `posts` WHERE " +
          "`posts`.`authorId` = `users`.`id` AND `likes` > ?)",
      ),
    );
    assert.deepEqual(await query.yield(), [{ name: "Bob" }]);
  });

  it("compares with selects", async (context) => {
    const db = await connectFilled(context, dialect);
    const authors = db.select("authorId").from("posts").eq("likes", 2).isNotNull("authorId");
    const names = db.select("name").from("users").order("id");
    assert.deepEqual(await names.in("id", authors).yield(), [{ name: "Bob" }]);
    assert.deepEqual(await names.notIn("id", authors).yield(), [{ name: "Ada" }, { name: "Cy" }]);
    const most = db.select().max("likes").from("posts");
    const query = db.select("title").from("posts").eq("likes", most);
    assert.equal(
      query.toSQL().sql,
      sql("SELECT `title` FROM `posts` WHERE `likes` = (SELECT max(`likes`) AS `max` FROM `posts`)"),
    );
    assert.deepEqual(await query.yield(), [{ title: "one" }]);
  });

  it("takes conditions in SQL, in parentheses of their own", async (context) => {
    const db = await connectFilled(context, dialect);
    const query = db
      .select("id")
      .from("posts")
      .eq("published", true)
      .whereRaw("likes = ? OR likes = ?", 5, 7);
    assert.deepEqual(query.toSQL(), {
      sql: sql("SELECT `id` FROM `posts` WHERE `published` = ? AND (likes = ? OR likes = ?)"),
      params: [true, 5, 7],
    });
    assert.deepEqual(await query.yield(), [{ id: 1 }]);
  });

  it("counts, sums, averages and compares in numbers", async (context) => {
    const db = await connectFilled(context, dialect);
    const row = await db
      .from("posts")
      .count()
      .count("likes", "known")
      .sum("likes")
      .avg("likes")
      .min("title")
      .max("likes")
      .first();
    assert.deepEqual(row, { count: 4, known: 3, sum: 9, avg: 3, min: "Two", max: 5 });
    assert.equal(await db.from("posts").count("likes", "n", { distinct: true }).value(), 2);
    assert.equal(await db.from("posts").sum("likes").eq("id", 99).value(), null);
  });

  it("groups, and keeps groups by conditions", async (context) => {
    const db = await connectFilled(context, dialect);
    const query = db
      .select("likes")
      .from("posts")
      .count("*", "n")
      .groupBy("likes")
      .having((q) => q.gt(db.raw("count(*)"), 1))
      .order("n");
    assert.equal(
      query.toSQL().sql,
      sql(
        `SELECT \`likes\`, ${dialect === "pg" ? "CAST(count(*) AS DOUBLE PRECISION)" : "count(*)"} AS \`n\` FROM \`posts\` ` +
          "GROUP BY `likes` HAVING (count(*) > ?) ORDER BY `n` ASC NULLS LAST",
      ),
    );
    assert.deepEqual(await query.yield(), [{ likes: 2, n: 2 }]);
  });

  it("puts the rows of selects together", async (context) => {
    const db = await connectFilled(context, dialect);
    const popular = db.select("title as text").from("posts").gt("likes", 4);
    const names = db.select("name").from("users").order("name").limit(1);
    const all = popular.union(names).unionAll(popular).order("text");
    assert.equal(
      all.toSQL().sql,
      sql(
        "SELECT `title` AS `text` FROM `posts` WHERE `likes` > ? UNION SELECT * FROM (SELECT `name` FROM `users` ORDER BY `name` ASC NULLS LAST " +
          "LIMIT ?) AS `union` UNION ALL SELECT `title` AS `text` FROM `posts` WHERE `likes` > ? ORDER BY `text` ASC NULLS LAST",
      ),
    );
    assert.deepEqual(await all.yield(), [{ text: "Ada" }, { text: "one" }, { text: "one" }]);
  });

  it("reads selects by name", async (context) => {
    const db = await connectFilled(context, dialect);
    const query = db
      .with("popular", db.select("id", "title").from("posts").gt("likes", 1))
      .select("title")
      .from("popular")
      .lt("id", 3);
    assert.deepEqual(query.toSQL(), {
      sql: sql(
        "WITH `popular` AS (SELECT `id`, `title` FROM `posts` WHERE `likes` > ?) SELECT `title` FROM `popular` WHERE `id` < ?",
      ),
      params: [1, 3],
    });
    assert.deepEqual(await query.yield(), [{ title: "one" }]);
  });

  it("sends each value to its own place, whatever the order of calls", async (context) => {
    const db = await connectFilled(context, dialect);
    const query = db
      .from("posts")
      .limit(3)
      .eq("published", true)
      .having((q) => q.gte(db.raw("count(*) + ?", 100), 101))
      .join(["users", "u"], (q) => q.on("u.id", "=", "authorId").neq("u.name", "Bob"))
      .select(db.raw("max(title) || ?", "!").as("t"))
      .groupBy("u.id");
    assert.deepEqual(query.toSQL().params, ["!", "Bob", true, 100, 101, 3]);
    assert.deepEqual(await query.yield(), [{ t: "one!" }]);
  });

  it("treats nulls as the greatest values, unless it is told", async (context) => {
    const db = await connectFilled(context, dialect);
    const ids = async (...order: Parameters<ReturnType<Database["select"]>["order"]>) =>
      (
        await db
          .select("id")
          .from("posts")
          .order(...order)
          .order("id")
          .yield()
      ).map((row) => row.id);
    assert.deepEqual(await ids("likes"), [3, 4, 1, 2]);
    assert.deepEqual(await ids("likes", "DESC"), [2, 1, 3, 4]);
    assert.deepEqual(await ids("likes", "ASC", "FIRST"), [2, 3, 4, 1]);
    assert.deepEqual(await ids("likes", "DESC", "LAST"), [1, 3, 4, 2]);
  });

  it("orders text by its code points", async (context) => {
    const db = await connectTo(context, dialect);
    await db.createTable("t", { word: { type: "text" } }).yield();
    const words = ["b", "B", "a", "ä", "z", "Z", "_", "é", "10", "9"];
    await db
      .insert("t")
      .values(words.map((word) => ({ word })))
      .yield();
    const ordered = (await db.select("word").from("t").order("word").yield()).map((row) => row.word);
    assert.deepEqual(ordered, words.toSorted());
    assert.deepEqual(await db.select("word").from("t").gt("word", "z").order("word").yield(), [
      { word: "ä" },
      { word: "é" },
    ]);
  });

  it("tells case apart in like() but not in ilike(), and takes escaped input as it is", async (context) => {
    const db = await connectFilled(context, dialect);
    const find = async (method: "like" | "ilike", pattern: string) =>
      (await db.select("title").from("posts")[method]("title", pattern).order("id").yield()).map(
        (row) => row.title,
      );
    assert.deepEqual(await find("like", "t%"), ["three%"]);
    assert.deepEqual(await find("ilike", "t%"), ["Two", "three%"]);
    assert.deepEqual(await find("like", `%${escapeLike("%")}`), ["three%"]);
    assert.deepEqual(await find("like", `${escapeLike("t_ree")}%`), []);
  });

  it("gives single rows and values", async (context) => {
    const db = await connectFilled(context, dialect);
    const titles = db.select("title").from("posts").order("id");
    assert.deepEqual(await titles.first(), { title: "one" });
    assert.equal(await titles.value(), "one");
    assert.equal(await titles.eq("id", 99).first(), undefined);
    assert.equal(await titles.eq("id", 99).value(), undefined);
    assert.equal(await titles.limit(0).first(), undefined);
    assert.deepEqual(await titles.limit(3).first(), { title: "one" });
  });

  it("gives rows one by one, and lets go of them when the loop is left", async (context) => {
    const db = await connectFilled(context, dialect);
    await db
      .insert("posts")
      .values(Array.from({ length: 1200 }, (_, index) => ({ title: `t${index}` })))
      .yield();
    let seen = 0;
    for await (const row of db.select("id", "published").from("posts").order("id").iterate()) {
      assert.deepEqual(row, { id: ++seen, published: seen === 1 || seen === 3 || seen === 4 });
    }
    assert.equal(seen, 1204);
    for await (const row of db.queryIterator("SELECT id FROM posts WHERE id > ? ORDER BY id", [600])) {
      assert.deepEqual(row, { id: 601 });
      break;
    }
    await db.transaction(async (tx) => {
      await tx.insert("users").values({ name: "Di" }).yield();
      const names: string[] = [];
      for await (const row of tx.select("name").from("users").order("id").iterate()) names.push(row.name);
      assert.deepEqual(names, ["Ada", "Bob", "Cy", "Di"]);
    });
    await assert.rejects(
      async () => {
        for await (const _ of db.select("nope").from("posts").iterate()) assert.fail();
      },
      { code: "QUERY_STATEMENT_FAILED" },
    );
  });

  it("gives no more rows to a loop that is open when the database is disconnected", async (context) => {
    const db = await connectFilled(context, dialect, { lockTimeout: 100 });
    await db
      .insert("posts")
      .values(Array.from({ length: 1200 }, (_, index) => ({ title: `t${index}` })))
      .yield();
    const rows = db.select("id").from("posts").iterate();
    await rows.next();
    await db.disconnect();
    await assert.rejects(
      async () => {
        for await (const _ of rows);
      },
      { code: "QUERY_TRANSACTION_MISUSE" },
    );
    await db.connect();
    assert.equal(await db.from("posts").count().value(), 1204);
  });

  it("explains how it would be run", async (context) => {
    const db = await connectFilled(context, dialect);
    const plan = await db.explain(db.select().from("posts").eq("id", 1));
    assert.match(plan.join("\n"), dialect === "pg" ? /Scan/ : /SEARCH posts USING INTEGER PRIMARY KEY/);
  });

  it("runs a prepared query with other values each time", async (context) => {
    const db = await connectFilled(context, dialect);
    const query = db
      .select("title")
      .from("posts")
      .eq("published", true)
      .in("id", [db.param("first"), db.param("second")])
      .order("id")
      .limit(db.param("most"))
      .prepare();
    assert.equal(
      query.sql,
      sql(
        "SELECT `title` FROM `posts` WHERE `published` = ? AND `id` IN (?, ?) ORDER BY `id` ASC NULLS LAST LIMIT ?",
      ),
    );
    assert.deepEqual(await query.yield({ first: 1, second: 3, most: 5 }), [
      { title: "one" },
      { title: "three%" },
    ]);
    assert.deepEqual(await query.yield({ first: 1, second: 3, most: 1 }), [{ title: "one" }]);
    assert.equal(await query.value({ first: 4, second: 4, most: 1 }), "four");
    await assert.rejects(query.yield({ first: 1, second: 2 }), /"most"/);
    await assert.rejects(query.yield({ first: 1, second: 2, most: 3, more: 4 }), /"more"/);
    await assert.rejects(query.yield({ first: 1, second: { $ne: 1 } as never, most: 3 }), {
      code: "QUERY_INVALID_ARGUMENT",
    });
    await assert.rejects(db.select().from("posts").eq("id", db.param("id")).yield(), /\.prepare\(\)/);
    const insert = db
      .insert("users")
      .values({ name: db.param("name") })
      .returning("id")
      .prepare();
    assert.deepEqual([await insert.value({ name: "Di" }), await insert.value({ name: "Ed" })], [4, 5]);
    const seen: string[] = [];
    for await (const row of db
      .select("name")
      .from("users")
      .gt("id", db.param("id"))
      .order("id")
      .prepare()
      .iterate({ id: 3 })) {
      seen.push(row.name);
    }
    assert.deepEqual(seen, ["Di", "Ed"]);
  });

  it("locks rows where the dialect can, and says where it cannot", async (context) => {
    const db = await connectFilled(context, dialect);
    const query = db.select("id").from("posts").eq("id", 1).forUpdate();
    if (dialect === "pg") {
      assert.equal(query.toSQL().sql, 'SELECT "id" FROM "posts" WHERE "id" = $1 FOR UPDATE');
      assert.deepEqual(
        await db.transaction((tx) => tx.select("id").from("posts").eq("id", 1).forUpdate().yield()),
        [{ id: 1 }],
      );
    } else assert.throws(() => query.toSQL(), { name: "UnsupportedError", code: "QUERY_NOT_SUPPORTED" });
  });

  it("names what the database does not know", async (context) => {
    const db = await connectFilled(context, dialect);
    for (const query of [
      db.select("nope").from("posts"),
      db.select().from("posts").eq("nope", "nope"),
      db.select().from("posts").order("nope"),
      db.select().from("nope"),
    ]) {
      await assert.rejects(query.yield(), { code: "QUERY_STATEMENT_FAILED", message: /nope/ });
    }
  });
});
