import { defineRoute } from "miqro";
import { currentEditor } from "../../../editor/current-editor.js";
import { findProjectPath } from "../../../files/project-path.js";

export default defineRoute({
  method: "POST",
  description: "Removes a file or a folder; restore undoes this",
  request: { body: { path: "string" } },
  handler: async (req, res) => {
    const { root, trash } = currentEditor();
    return res.json({ id: await trash.remove(await findProjectPath(root, req.body.path, false)) });
  },
});
