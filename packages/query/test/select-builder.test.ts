import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Database, type Direction, escapeLike, type QueryArgumentError } from "@miqro/query";
import { connect, createPosts, withoutSqlite } from "./support/sqlite.js";

const db = new Database({ storage: ":memory:" });
const posts = db.select().from("posts");

function refuses(build: () => unknown, message: RegExp): void {
  assert.throws(
    build,
    (error: QueryArgumentError) => error.name === "QueryArgumentError" && message.test(error.message),
  );
}

describe("select().toSQL", () => {
  it("quotes every name and sends every value beside the text", () => {
    const query = db.select("id", "p.title").from("posts", "p").eq("p.title", "x").toSQL();
    assert.deepEqual(query, {
      sql: "SELECT `id`, `p`.`title` FROM `posts` AS `p` WHERE `p`.`title` = ?",
      params: ["x"],
    });
  });

  it("joins the conditions of a chain with AND", () => {
    const { sql, params } = posts
      .eq("a", 1)
      .neq("b", 2)
      .gt("c", 3)
      .gte("d", 4)
      .lt("e", 5)
      .lte("f", 6)
      .toSQL();
    assert.equal(
      sql,
      "SELECT * FROM `posts` WHERE `a` = ? AND `b` <> ? AND `c` > ? AND `d` >= ? AND `e` < ? AND `f` <= ?",
    );
    assert.deepEqual(params, [1, 2, 3, 4, 5, 6]);
  });

  it("writes lists, ranges, patterns and null checks", () => {
    const { sql, params } = posts
      .in("a", [1, 2])
      .notIn("b", [3])
      .between("c", 4, 5)
      .like("d", "x%")
      .isNull("e")
      .isNotNull("f")
      .toSQL();
    assert.equal(
      sql,
      "SELECT * FROM `posts` WHERE `a` IN (?, ?) AND `b` NOT IN (?) AND `c` BETWEEN ? AND ? AND " +
        "`d` LIKE ? ESCAPE '\\' AND `e` IS NULL AND `f` IS NOT NULL",
    );
    assert.deepEqual(params, [1, 2, 3, 4, 5, "x%"]);
  });

  it("joins the members of a group with the word of its method, and the group with AND", () => {
    const { sql } = posts
      .eq("account", "me")
      .or((q) => q.eq("a", 1).and((r) => r.eq("b", 2).eq("c", 3)))
      .toSQL();
    assert.equal(sql, "SELECT * FROM `posts` WHERE `account` = ? AND (`a` = ? OR (`b` = ? AND `c` = ?))");
  });

  it("writes joins on columns and on groups", () => {
    const { sql, params } = db
      .select("posts.*", "users.name")
      .from("posts")
      .innerJoin("users", "posts.authorId", "=", "users.id")
      .leftJoin("likes", (q) => q.on("likes.postId", "=", "posts.id").eq("likes.kind", "heart"))
      .toSQL();
    assert.equal(
      sql,
      "SELECT `posts`.*, `users`.`name` FROM `posts` INNER JOIN `users` ON `posts`.`authorId` = `users`.`id` " +
        "LEFT JOIN `likes` ON `likes`.`postId` = `posts`.`id` AND `likes`.`kind` = ?",
    );
    assert.deepEqual(params, ["heart"]);
  });

  it("writes order, limit, offset, distinct and groupBy", () => {
    const { sql, params } = db
      .select("kind", db.raw("count(*) + ? AS n", 1))
      .distinct()
      .from("posts")
      .groupBy("kind")
      .order("kind", "DESC", "LAST")
      .order("n")
      .limit(3)
      .offset(6)
      .toSQL();
    assert.equal(
      sql,
      "SELECT DISTINCT `kind`, count(*) + ? AS n FROM `posts` GROUP BY `kind` " +
        "ORDER BY `kind` DESC NULLS LAST, `n` ASC NULLS LAST LIMIT ? OFFSET ?",
    );
    assert.deepEqual(params, [1, 3, 6]);
  });

  it("gives OFFSET the LIMIT that SQLite asks for", () => {
    assert.equal(posts.offset(2).toSQL().sql, "SELECT * FROM `posts` LIMIT -1 OFFSET ?");
  });
});

describe("a select builder", () => {
  it("never changes, so that it can be branched from", () => {
    const base = posts.eq("account", "me");
    const first = base.eq("a", 1).order("a");
    const second = base.eq("b", 2);
    assert.equal(base.toSQL().sql, "SELECT * FROM `posts` WHERE `account` = ?");
    assert.equal(
      first.toSQL().sql,
      "SELECT * FROM `posts` WHERE `account` = ? AND `a` = ? ORDER BY `a` ASC NULLS LAST",
    );
    assert.equal(second.toSQL().sql, "SELECT * FROM `posts` WHERE `account` = ? AND `b` = ?");
  });

  it("is not thenable and refuses to be serialized", () => {
    assert.equal("then" in posts, false);
    refuses(() => JSON.stringify({ posts }), /\.yield\(\)/);
  });

  it("refuses undefined, null and objects in conditions", () => {
    const value = (given: unknown) => given as string;
    refuses(() => posts.eq("a", value(undefined)), /"a" compares with undefined/);
    refuses(() => posts.eq("a", value(null)), /isNull\(\)/);
    refuses(() => posts.eq("a", value({ $ne: 1 })), /an object/);
    refuses(() => posts.eq("a", value(["x"])), /in\(\)/);
    refuses(() => posts.eq("a", value({ kind: "raw", segments: ["1"], params: [] })), /an object/);
    refuses(() => posts.gt("a", Number.NaN), /NaN/);
    refuses(() => posts.lt("a", new Date(Number.NaN)), /invalid Date/);
    refuses(() => posts.in("a", [1, value(undefined)]), /undefined/);
    // biome-ignore lint/suspicious/noSparseArray: the hole is what is tested
    refuses(() => posts.in("a", [1, , 2] as number[]), /undefined/);
    refuses(() => posts.in("a", "1,2" as unknown as string[]), /array/);
    refuses(() => posts.between("a", 1, value(undefined)), /undefined/);
    refuses(() => posts.like("a", value(5)), /pattern/);
  });

  it("refuses directions, operators, limits and groups that are none", () => {
    refuses(() => posts.order("a", "ASC; DROP TABLE posts" as Direction), /ASC, DESC/);
    refuses(() => posts.order("a", "ASC", "MIDDLE" as "LAST"), /FIRST, LAST/);
    refuses(() => posts.join("users", "a", "OR 1=1 --" as "=", "b"), /operator/);
    for (const bad of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "5", null]) {
      refuses(() => posts.limit(bad as number), /limit\(\)/);
      refuses(() => posts.offset(bad as number), /offset\(\)/);
    }
    refuses(() => posts.or((q) => q), /added no condition/);
    refuses(() => posts.and(() => undefined as never), /return the conditions/);
    refuses(() => db.select().toSQL(), /from/);
  });
});

describe("select().yield", { skip: withoutSqlite }, () => {
  it("resolves to plain rows with the values of their types", async (context) => {
    const db = await connect(context);
    await createPosts(db);
    assert.deepEqual(await db.select().from("posts").order("id", "DESC").yield(), [
      { id: 2, title: "second", published: false },
      { id: 1, title: "first", published: true },
    ]);
    assert.deepEqual(await db.select("title").from("posts").eq("published", true).yield(), [
      { title: "first" },
    ]);
  });

  it("matches nothing for an empty in() and everything for an empty notIn()", async (context) => {
    const db = await connect(context);
    await createPosts(db);
    assert.deepEqual(await db.select().from("posts").in("id", []).yield(), []);
    assert.equal((await db.select().from("posts").notIn("id", []).yield()).length, 2);
  });

  it("takes an escaped input literally in like()", async (context) => {
    const db = await connect(context);
    await createPosts(db);
    await db
      .insert("posts")
      .values([{ title: "100%" }, { title: "a_b" }, { title: "a\\b" }, { title: "axb" }])
      .yield();
    const find = async (text: string) =>
      (
        await db
          .select("title")
          .from("posts")
          .like("title", `%${escapeLike(text)}%`)
          .yield()
      ).map((row) => row.title);
    assert.deepEqual(await find("%"), ["100%"]);
    assert.deepEqual(await find("a_b"), ["a_b"]);
    assert.deepEqual(await find("a\\b"), ["a\\b"]);
  });

  it("gives the first row, or undefined", async (context) => {
    const db = await connect(context);
    await createPosts(db);
    const ordered = db.select("title").from("posts").order("id", "DESC");
    assert.deepEqual(await ordered.first(), { title: "second" });
    assert.equal(await ordered.eq("id", 99).first(), undefined);
    assert.equal(await ordered.limit(0).first(), undefined);
  });

  it("joins, groups and counts", async (context) => {
    const db = await connect(context);
    await createPosts(db);
    await db.createTable("likes", { postId: { type: "integer" } }).yield();
    await db
      .insert("likes")
      .values([{ postId: 1 }, { postId: 1 }])
      .yield();
    const rows = await db
      .select("posts.title", db.raw("count(likes.postId) AS n"))
      .from("posts")
      .leftJoin("likes", "likes.postId", "=", "posts.id")
      .groupBy("posts.id")
      .order("posts.id")
      .yield();
    assert.deepEqual(rows, [
      { title: "first", n: 2 },
      { title: "second", n: 0 },
    ]);
  });

  it("rejects names that the database does not know", async (context) => {
    const db = await connect(context);
    await createPosts(db);
    await assert.rejects(db.select("nope").from("posts").yield(), {
      code: "QUERY_STATEMENT_FAILED",
      message: "The database refused the statement: no such column: nope.",
      sql: "SELECT `nope` FROM `posts`",
    });
    await assert.rejects(db.select().from("posts").eq("nope", "nope").yield(), /no such column: nope/);
    await assert.rejects(db.select().from("posts").order("nope").yield(), /no such column: nope/);
    await assert.rejects(db.select().from("nope").yield(), /no such table: nope/);
  });

  it("reports each statement to the logger of the database or of the call, without parameters", async (context) => {
    const lines: string[] = [];
    const ignore = () => {};
    const logger = { error: ignore, warn: ignore, info: ignore, trace: ignore };
    const db = await connect(context, {
      logger: { ...logger, debug: (_, sql) => lines.push(`database: ${sql}`) },
    });
    await db.select(db.raw("? AS secret", "pa55")).yield();
    await db
      .select(db.raw("? AS secret", "pa55"))
      .yield({ ...logger, debug: (_, sql) => lines.push(`call: ${sql}`) });
    assert.deepEqual(lines.slice(-2), ["database: SELECT ? AS secret", "call: SELECT ? AS secret"]);
  });
});
