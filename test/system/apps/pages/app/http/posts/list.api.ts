export default async (req, res) => {
  const db = req.server.db.get("mydb");
  const rows = await db.select().from("posts").eq("title", "Second").yield();
  const raw = await db.query("SELECT id, title FROM posts WHERE id = ?", [1]);
  return res.json({ rows, raw });
}
