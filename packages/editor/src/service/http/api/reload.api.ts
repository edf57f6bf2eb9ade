import { defineRoute } from "miqro";
import { currentEditor } from "../../../editor/current-editor.js";

export default defineRoute({
  method: "POST",
  description: "Replaces the running version",
  handler: async (_req, res) => {
    // The status shows later whether the new version runs.
    await currentEditor().host.reload();
    return res.json({});
  },
});
