import { defineRoute } from "miqro";
import { currentEditor } from "../../../editor/current-editor.js";

export default defineRoute({
  method: "POST",
  description: "Makes a key that lets another browser in",
  handler: (_req, res) => res.json({ key: currentEditor().keys.create() }),
});
