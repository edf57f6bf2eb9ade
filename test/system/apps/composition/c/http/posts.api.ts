// any handler in c/
export default async (req, res) => {
  const posts = await req.server.db.get("b")
    .select().from("posts")
    .eq("account", req.session.account)
    .yield();
  return res.json({ posts, config: await req.server.cache.get("config") });
}
