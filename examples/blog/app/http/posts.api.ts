import { defineRoute } from "miqro";
import { listPosts } from "../posts.js";

/** In files the guide links to the newest posts. */
export const inflatePaths = () => ["/posts"];

export default defineRoute({
  name: "list posts",
  description: "Five posts, newest first; `before` is the id of the last one that you have.",
  request: { query: { before: { type: "integer?", min: 1 } } },
  response: {
    body: {
      posts: {
        type: "array",
        items: { id: "integer", title: "string", lead: "string", createdAt: "string", claps: "integer" },
      },
      hasOlder: "boolean",
    },
  },
  handler: async ({ query, server }, res) => res.json(await listPosts(server, query.before)),
});
