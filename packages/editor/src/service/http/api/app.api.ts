import { relative, sep } from "node:path";
import { defineRoute } from "miqro";
import type { DatabaseInfo } from "../../../agent/read-tables.js";
import type { ServiceInfo } from "../../../agent/service-info.js";
import { askApp } from "../../../app/ask-app.js";
import { currentEditor } from "../../../editor/current-editor.js";

export default defineRoute({
  description: "The services of the running app with their routes, and its databases with their tables",
  handler: async (_req, res) => {
    const { root } = currentEditor();
    const services = (await askApp({ ask: "routes" })) as ServiceInfo[];
    const databases = (await askApp({ ask: "databases" })) as DatabaseInfo[];
    // A file outside of the project keeps its absolute path and cannot be opened.
    const toPath = (file: string) => {
      const path = relative(root, file);
      return path.startsWith("..") ? file : path.split(sep).join("/");
    };
    return res.json({
      services: services.map((service) => ({
        ...service,
        folder: toPath(service.folder),
        configs: service.configs.map((config) => ({ ...config, file: toPath(config.file) })),
        routes: service.routes.map((route) => ({ ...route, file: toPath(route.file) })),
      })),
      databases,
    });
  },
});
