import { defineRoute } from "miqro";
import { currentEditor } from "../../../editor/current-editor.js";
import { findProjectPath } from "../../../files/project-path.js";
import { readProjectFile } from "../../../files/read-file.js";

export default defineRoute({
  description: "The text of a file and its etag",
  request: { query: { path: "string" } },
  handler: async (req, res) =>
    res.json(await readProjectFile(await findProjectPath(currentEditor().root, req.query.path))),
});
