import { defineRoute } from "miqro";
import { currentEditor } from "../../../editor/current-editor.js";
import { movePath } from "../../../files/change-files.js";
import { findProjectPath } from "../../../files/project-path.js";

export default defineRoute({
  method: "POST",
  description: "Renames or moves a file or a folder",
  request: { body: { from: "string", to: "string" } },
  handler: async (req, res) => {
    const { root } = currentEditor();
    const { from, to } = req.body;
    await movePath(await findProjectPath(root, from, false), await findProjectPath(root, to, false));
    return res.json({});
  },
});
