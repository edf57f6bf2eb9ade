export default async (req) => req.server.db.get("books").query("SELECT id, title FROM books ORDER BY id");
