import { fileURLToPath } from "node:url";
import { ArgumentError } from "../errors.js";
import { describe } from "../options/check-options.js";
import { Plugin } from "./plugin.js";

/** Makes a plugin that mounts the modules of a folder. */
export function discoverModules(folder: string | URL): Plugin<never> {
  if (!(folder instanceof URL) && (typeof folder !== "string" || folder === "")) {
    throw new ArgumentError(
      `discoverModules takes the path of a folder or its URL, not ${describe(folder)}: discoverModules(new URL("./modules/", import.meta.url)).`,
    );
  }
  const isURL = folder instanceof URL || folder.startsWith("file:");
  const path = isURL ? fileURLToPath(folder) : folder;
  return new Plugin({
    name: `modules of ${path}`,
    setup: async (router) => (await import("./mount-modules.js")).mountModules(router, path),
  });
}
