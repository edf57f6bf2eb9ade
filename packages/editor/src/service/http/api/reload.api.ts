import { defineRoute } from "miqro";
import { currentEditor } from "../../../editor/current-editor.js";

export default defineRoute({
  method: "POST",
  description: "Replaces the running version",
  handler: async (_req, res) => {
    // Whether it came to run is told by the status.
    await currentEditor().host.reload();
    return res.json({});
  },
});
