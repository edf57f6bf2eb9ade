export default async (req, res) => {
  const posts = await req.server.db.get("blog").select().from("posts").order("id", "DESC").yield();
  return res.json(posts);
};
