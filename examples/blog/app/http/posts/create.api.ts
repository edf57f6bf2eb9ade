import { JSONParser } from "@miqro/core";
import { defineRoute } from "miqro";

export default defineRoute({
  name: "create post",
  method: "POST",
  policy: { groups: ["author"], groupPolicy: "at_least_one" },
  middleware: [JSONParser()],
  request: {
    body: {
      title: { type: "string", minLength: 1, maxLength: 200 },
      content: { type: "string", minLength: 1, maxLength: 20_000 },
    },
  },
  response: {
    status: [200],
    body: { id: "number" },
  },
  handler: async (req, res) => {
    const { title, content } = req.body;
    const [post] = await req.server.db
      .get("blog")
      .insert("posts")
      .values({ title, content, createdAt: new Date() })
      .returning("id")
      .yield();
    await req.server.ws.get("/updates").broadcast(JSON.stringify({ type: "post", id: post.id, title }));
    return res.json({ id: post.id });
  },
});
