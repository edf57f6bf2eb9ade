import { defineRoute } from "miqro";
import { currentEditor } from "../../../editor/current-editor.js";

export default defineRoute({
  method: "POST",
  description: "Brings back what was removed",
  request: { body: { id: "string" } },
  handler: async (req, res) => res.json({ path: await currentEditor().trash.restore(req.body.id) }),
});
