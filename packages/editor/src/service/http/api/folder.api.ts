import { defineRoute } from "miqro";
import { currentEditor } from "../../../editor/current-editor.js";
import { createFolder } from "../../../files/change-files.js";
import { findProjectPath } from "../../../files/project-path.js";

export default defineRoute({
  method: "POST",
  description: "Makes a folder",
  request: { body: { path: "string" } },
  handler: async (req, res) => {
    await createFolder(await findProjectPath(currentEditor().root, req.body.path));
    return res.json({});
  },
});
