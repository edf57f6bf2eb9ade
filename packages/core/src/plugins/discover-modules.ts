import { fileURLToPath } from "node:url";
import { ArgumentError } from "../errors.js";
import { describe } from "../options/check-options.js";
import { Plugin } from "./plugin.js";

/**
 * Makes a plugin that mounts the modules of a folder: each file named `module.js` or `module.ts` is a scope at the path of
 * its folder, in the scope of the module around it.
 *
 * @param folder A `file:` URL, as `new URL("./modules/", import.meta.url)` gives it, or a path.
 */
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
