import { NotFoundError } from "@miqro/core";
import { defineRoute } from "miqro";
import { clap } from "../../posts.js";

export default defineRoute({
  name: "clap",
  method: "POST",
  path: "/:id/clap",
  request: { params: { id: "integer" } },
  response: { body: { claps: "integer" } },
  handler: async (req, res) => {
    const post = await clap(req.server, req.params.id);
    if (!post) throw new NotFoundError("There is no such post.");
    // Scripts ask for JSON; a form without JavaScript goes back to its page.
    if (req.accepts("html", "json") === "json") return res.json({ claps: post.claps });
    return res.redirect(`/posts/${post.id}`, {}, 303);
  },
});
