import { defineRoute } from "miqro";
import { currentEditor } from "../../../editor/current-editor.js";

export default defineRoute({
  method: "POST",
  description: "Creates a key for another browser",
  handler: (_req, res) => res.json({ key: currentEditor().keys.create() }),
});
