import { defineRoute, JSONParser } from "miqro";
import { currentEditor } from "../../../editor/current-editor.js";
import { findProjectPath } from "../../../files/project-path.js";
import { writeProjectFile } from "../../../files/write-file.js";

export default defineRoute({
  method: "POST",
  description: "Writes a file; 409 if its content does not fit the etag; the etag of a new file is null",
  // A file has up to 2 MB, and JSON may need six characters for one character.
  middleware: JSONParser({ limit: "13mb" }),
  request: { body: { path: "string", text: "string", etag: "string|null" } },
  handler: async (req, res) => {
    const editor = currentEditor();
    const { path, text, etag } = req.body;
    const found = await findProjectPath(editor.root, path);
    const saved = await writeProjectFile(found, text, etag);
    editor.saved(found.file);
    return res.json({ etag: saved });
  },
});
