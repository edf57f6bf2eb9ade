import { defineRoute } from "miqro";
import { currentEditor } from "../../../editor/current-editor.js";
import { serviceFolders } from "../../../files/service-folders.js";

export default defineRoute({
  description: "Templates for new files, and the service folders of the project",
  handler: async (_req, res) => {
    const { host, root } = currentEditor();
    return res.json({ services: serviceFolders(root, host.services), templates: await host.templates() });
  },
});
