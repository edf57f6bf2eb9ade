import { defineRoute } from "miqro";
import { currentEditor } from "../../../editor/current-editor.js";

export default defineRoute({
  method: "POST",
  description: "Restores a removed file or folder",
  request: { body: { id: "string" } },
  handler: async (req, res) => res.json({ path: await currentEditor().trash.restore(req.body.id) }),
});
