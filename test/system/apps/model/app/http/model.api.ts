import { defineModel } from "@miqro/query";

export default async (req, res) => {
  const db = req.server.db.get("mydb");
  const Post = defineModel(db, "posts", {
    id: { type: "integer", primaryKey: true, autoIncrement: true },
    title: { type: "string" },
    published: { type: "boolean" },
    createdAt: { type: "datetime" }
  });
  // sync (create table if not exists)
  await Post.sync();
  // create
  await Post.create({ title: "one", published: false, createdAt: new Date(0) });
  await Post.create({ title: "two", published: true, createdAt: new Date(1000) });
  // findAll
  const posts = await Post.findAll(
    Post.where().eq("published", true).order("createdAt", "DESC"),
    { limit: 10 }
  );
  // updateAll
  await Post.updateAll({ published: true }, Post.where().eq("id", 1));
  // count
  const n = await Post.count(Post.where().eq("published", true));
  // deleteAll
  await Post.deleteAll(Post.where().eq("id", 1));
  return res.json({ posts, n, left: await Post.count() });
}
