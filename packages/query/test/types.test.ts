import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Database, defineModel, type Model, type ModelRow } from "@miqro/query";

type Same<Left, Right> =
  (<T>() => T extends Left ? 1 : 2) extends <T>() => T extends Right ? 1 : 2 ? true : false;

function expectType<_Proof extends true>(): void {}

/** The rows that a builder resolves to. */
type RowOf<Builder extends { yield(): Promise<unknown[]> }> = Awaited<ReturnType<Builder["yield"]>>[number];

type ColumnsOf<Defined> = Defined extends Model<infer Table> ? Table : never;

interface Schema {
  posts: {
    id: number;
    title: string;
    likes: number | null;
    published: boolean;
    authorId: number | null;
    at: Date;
  };
  users: { id: number; name: string; born: Date | null };
}

const db = new Database<Schema>({ storage: ":memory:" });
const untyped = new Database({ storage: ":memory:" });

describe("types", () => {
  it("of rows are exact for tables, columns, aliases and expressions", () => {
    const all = db.from("posts");
    expectType<Same<RowOf<typeof all>, Schema["posts"]>>();
    const some = db.from("posts").select("id", "posts.title as name");
    expectType<Same<RowOf<typeof some>, { id: number; name: string }>>();
    const first = db.select("id", "title").from("posts");
    expectType<Same<RowOf<typeof first>, { id: number; title: string }>>();
    const counted = db.from("posts").select("authorId").count().avg("likes").groupBy("authorId");
    expectType<Same<RowOf<typeof counted>, { authorId: number | null; count: number; avg: number | null }>>();
    const raw = db.from("posts").select("id", db.raw<string>("upper(title)").as("loud"));
    expectType<Same<RowOf<typeof raw>, { id: number; loud: string }>>();
    expectType<Same<Awaited<ReturnType<typeof some.first>>, { id: number; name: string } | undefined>>();
    assert.ok(all);
  });

  it("of joins are exact, with null for what may be missing", () => {
    const inner = db
      .from("posts")
      .join("users", "posts.authorId", "=", "users.id")
      .select("title", "users.name");
    expectType<Same<RowOf<typeof inner>, { title: string; name: string }>>();
    const left = db
      .from("posts")
      .leftJoin("users", "authorId", "=", "users.id")
      .select("title", "users.name");
    expectType<Same<RowOf<typeof left>, { title: string; name: string | null }>>();
    const right = db.from("posts").rightJoin("users", "authorId", "=", "users.id").select("title", "name");
    expectType<Same<RowOf<typeof right>, { title: string | null; name: string }>>();
    const full = db.from("posts").fullJoin("users", "authorId", "=", "users.id").select("title", "name");
    expectType<Same<RowOf<typeof full>, { title: string | null; name: string | null }>>();
    const alias = db
      .from("posts", "p")
      .join(["users", "u"], "p.authorId", "=", "u.id")
      .select("p.id", "u.id as userId");
    expectType<Same<RowOf<typeof alias>, { id: number; userId: number }>>();
    const star = db.from("posts").leftJoin("users", "authorId", "=", "users.id").select("users.*", "title");
    expectType<
      Same<RowOf<typeof star>, { id: number | null; name: string | null; born: Date | null; title: string }>
    >();
    const derived = db.select().from(db.from("posts").select("id", "likes as n"), "d").select("d.n");
    expectType<Same<RowOf<typeof derived>, { n: number | null }>>();
    const whole = db.select().from(db.from("posts"), "p").select("p.title");
    expectType<Same<RowOf<typeof whole>, { title: string }>>();
    const wholeNamed = db.with("p", db.from("users")).from("p");
    expectType<Same<RowOf<typeof wholeNamed>, Schema["users"]>>();
    const used = db.from("posts").union(db.from("posts")).exists(db.from("users"));
    expectType<Same<RowOf<typeof used>, Schema["posts"]>>();
    const loose = untyped.select("x.id").from(untyped.from("t"), "x").union(untyped.from("u"));
    assert.ok(loose);
    const begun = db.with("recent", db.from("posts").select("id", "title as t"));
    const picked = begun.select("t").from("recent");
    expectType<Same<RowOf<typeof picked>, { t: string }>>();
    const both = begun.from("recent").join("posts", "recent.id", "=", "posts.id").select("t", "likes");
    expectType<Same<RowOf<typeof both>, { t: string; likes: number | null }>>();
    const named = db.select().with("recent", db.from("posts").select("id", "at")).from("recent").select("at");
    expectType<Same<RowOf<typeof named>, { at: Date }>>();
    assert.ok(inner);
  });

  it("of values that expressions are compared with follow the expression", () => {
    const posts = db.from("posts").groupBy("title");
    const right = [
      posts.having((q) => q.gt(db.raw("count(*)"), 1)),
      posts.eq(db.raw("x"), "text").in(db.raw("y"), [1, "2"]).between(db.raw("z"), new Date(0), new Date(1)),
      posts.gt(db.raw<number | null>("likes + 1"), 1).eq(db.raw<string>("upper(title)"), "X"),
      untyped.from("t").gt(untyped.raw("x"), 1),
    ];
    const wrong = [
      // @ts-expect-error the expression is a number
      () => posts.gt(db.raw<number>("likes + 1"), "1"),
      // @ts-expect-error null matches nothing
      () => posts.gt(db.raw("likes + 1"), null),
      // @ts-expect-error no column holds an object
      () => posts.eq(db.raw("x"), {}),
      // @ts-expect-error there is no such table
      () => db.with("recent", db.from("posts").select("id")).from("recents"),
      // @ts-expect-error there is no such column, which shows once the tables are known
      () => db.with("recent", db.from("posts").select("id")).select("title").from("recent").yield(),
    ];
    assert.deepEqual([right.length, wrong.length], [4, 5]);
  });

  it("of returning are exact", () => {
    const insert = db.insert("posts").values({ title: "x" }).returning("id", "title as t");
    expectType<Same<RowOf<typeof insert>, { id: number; t: string }>>();
    const update = db.update("posts").set({ likes: null }).eq("id", 1).returning("likes");
    expectType<Same<RowOf<typeof update>, { likes: number | null }>>();
    const deleted = db.delete("users").eq("id", 1).returning();
    expectType<Same<RowOf<typeof deleted>, Schema["users"]>>();
    assert.ok(insert);
  });

  it("without a schema are the only any", () => {
    const rows = untyped.select("a").from("t");
    // biome-ignore lint/suspicious/noExplicitAny: this is what is tested
    expectType<Same<RowOf<typeof rows>, Record<string, any>>>();
    assert.ok(rows);
  });

  it("refuse wrong tables, columns and values", () => {
    const posts = db.from("posts");
    const wrong = [
      // @ts-expect-error there is no such table
      () => db.from("post"),
      // @ts-expect-error there is no such table
      () => db.select().from("post"),
      // @ts-expect-error there is no such table
      () => db.insert("post"),
      // @ts-expect-error there is no such table
      () => posts.join("user", "posts.id", "=", "posts.id"),
      // @ts-expect-error there is no such column
      () => posts.select("name"),
      // @ts-expect-error there is no such column, which shows once the tables are known
      () => db.select("id", "name").from("posts").yield(),
      // @ts-expect-error there is no such column
      () => db.select("posts.name").from("posts").first(),
      // @ts-expect-error users is not joined
      () => posts.eq("users.name", "x"),
      // @ts-expect-error there is no such column
      () => posts.select("name as x").yield(),
      // @ts-expect-error users is not joined
      () => posts.order("users.name"),
      // @ts-expect-error users is not joined
      () => posts.select("users.name"),
      // @ts-expect-error the table has another name here
      () => db.from("posts", "p").eq("posts.id", 1),
      // @ts-expect-error there is no such column
      () => posts.join("users", "posts.authorId", "=", "users.nr"),
      // @ts-expect-error a number is no title
      () => posts.eq("title", 5),
      // @ts-expect-error text is no id
      () => posts.in("id", ["1"]),
      // @ts-expect-error null matches nothing
      () => posts.eq("likes", null),
      // @ts-expect-error undefined would widen the query
      () => posts.eq("likes", undefined),
      // @ts-expect-error there is no such column
      () => posts.or((q) => q.eq("titel", "x")),
      // @ts-expect-error there is no such column
      () => db.insert("posts").values({ titel: "x" }),
      // @ts-expect-error a title is text
      () => db.insert("posts").values({ title: 5 }),
      // @ts-expect-error a title is never null
      () => db.update("posts").set({ title: null }),
      // @ts-expect-error there is no such column
      () => db.insert("posts").values({ title: "x" }).returning("nr"),
      // @ts-expect-error there is no such column
      () => db.delete("posts").eq("nr", 1),
      // @ts-expect-error there is no such column
      () => db.insert("posts").values({ title: "x" }).onConflict("nr"),
      // @ts-expect-error a direction is ASC or DESC
      () => posts.order("id", "up"),
      // @ts-expect-error null matches nothing
      () => untyped.select().from("t").eq("a", null),
      // @ts-expect-error undefined would widen the query
      () => untyped.select().from("t").eq("a", undefined),
    ];
    assert.equal(wrong.length, 27);
  });

  it("of models follow their columns", () => {
    const User = defineModel(db, "users", {
      id: { type: "integer", primaryKey: true, autoIncrement: true },
      name: { type: "string", notNull: true },
      born: { type: "datetime" },
      active: { type: "boolean", notNull: true, default: true },
    });
    const Post = defineModel(
      db,
      "posts",
      { id: { type: "integer", primaryKey: true }, authorId: { type: "integer" } },
      {
        author: { type: "belongsTo", model: () => User, foreignKey: "authorId" },
        likers: {
          type: "manyToMany",
          model: () => User,
          through: "likes",
          foreignKey: "postId",
          otherKey: "userId",
        },
      },
    );
    const Comment = defineModel(
      db,
      "comments",
      { id: { type: "integer", primaryKey: true }, postId: { type: "integer" } },
      { post: { type: "belongsTo", model: () => Post, foreignKey: "postId" } },
    );
    type UserRow = { id: number; name: string; born: Date | null; active: boolean };
    expectType<Same<ModelRow<ColumnsOf<typeof User>>, UserRow>>();
    const include = () => Post.findAll(undefined, { include: ["author", "likers"] });
    type Included = Awaited<ReturnType<typeof include>>[number];
    expectType<Same<Included["author"], UserRow | null>>();
    expectType<Same<Included["likers"], UserRow[]>>();
    const some = () => User.findAll(User.where(), { columns: ["id", "name"], order: ["born"] });
    expectType<Same<Awaited<ReturnType<typeof some>>[number], Pick<UserRow, "id" | "name">>>();
    const one = () => User.findById(1, { columns: ["name"] });
    expectType<Same<Awaited<ReturnType<typeof one>>, Pick<UserRow, "name"> | undefined>>();
    const page = () => User.paginate(undefined, { columns: ["name"], size: 5 });
    expectType<Same<Awaited<ReturnType<typeof page>>["rows"], Pick<UserRow, "name">[]>>();
    const deep = () =>
      Comment.findOne(undefined, {
        columns: ["id"],
        include: { post: { columns: ["id"], include: { author: { columns: ["name"] } } } },
      });
    type Deep = NonNullable<Awaited<ReturnType<typeof deep>>>;
    expectType<Same<keyof Deep, "id" | "post">>();
    expectType<Same<keyof NonNullable<Deep["post"]>, "id" | "author">>();
    expectType<Same<NonNullable<NonNullable<Deep["post"]>["author"]>["name"], string>>();
    const wrong = [
      // @ts-expect-error name cannot be left out
      () => User.create({ active: true }),
      // @ts-expect-error name cannot be null
      () => User.create({ name: null }),
      // @ts-expect-error born is a Date
      () => User.create({ name: "x", born: "yesterday" }),
      // @ts-expect-error there is no such column
      () => User.updateAll({ nme: "x" }, User.where()),
      // @ts-expect-error there is no such column
      () => User.where().eq("nme", "x"),
      // @ts-expect-error a condition is needed
      () => User.deleteAll(),
      // @ts-expect-error there is no such association
      () => Post.findAll(undefined, { include: ["writer"] }),
      // @ts-expect-error the column was not asked for
      async () => (await User.findAll(undefined, { columns: ["id"] }))[0]?.name,
      // @ts-expect-error there is no such column
      () => User.findAll(undefined, { columns: ["nme"] }),
      // @ts-expect-error there is no such type
      () => defineModel(db, "t", { a: { type: "varchar" } }),
    ];
    assert.equal(wrong.length, 10);
  });
});
