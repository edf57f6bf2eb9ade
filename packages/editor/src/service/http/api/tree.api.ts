import { defineRoute } from "miqro";
import { currentEditor } from "../../../editor/current-editor.js";
import { readProjectTree } from "../../../files/project-tree.js";

export default defineRoute({
  description: "The files of the project",
  handler: async (_req, res) => res.json(await readProjectTree(currentEditor().root)),
});
