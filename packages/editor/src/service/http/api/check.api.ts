import { join } from "node:path";
import { defineRoute } from "miqro";
import { currentEditor } from "../../../editor/current-editor.js";

export default defineRoute({
  method: "POST",
  description: "Checks the types of the services",
  handler: (_req, res) => {
    const { host, root } = currentEditor();
    currentEditor().check(join(root, host.services[0] ?? ".", "any.ts"));
    return res.json({});
  },
});
