import { defineRoute } from "miqro";
import { postFields, publish } from "../../posts.js";

export default defineRoute({
  name: "publish",
  description: "Publishes a post; for programs, where write.html.tsx is for people.",
  method: "POST",
  path: "/",
  policy: { groups: ["author"] },
  request: { body: postFields },
  response: { status: 201, body: { id: "integer" } },
  handler: async (req, res) => {
    const { id } = await publish(req.server, req.body);
    return res.json({ id }, { Location: `/posts/${id}` }, 201);
  },
});
