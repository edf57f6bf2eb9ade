import type { App } from "../app/app.js";
import { loadOnUse } from "../platform/builtins.js";
import type { CreatedModule } from "./create-module.js";
import type { PluginOptions } from "./define-plugin.js";
import type { HookFactory } from "./hook-factory.js";
import type { HookName, Plugin } from "./plugin.js";

// Each is loaded when it is first called: many programs have no hooks.
const loadHooks = loadOnUse<typeof import("./create-hook.js")>(import.meta.url, "./create-hook.js");
const loadPlugins = loadOnUse<typeof import("./define-plugin.js")>(import.meta.url, "./define-plugin.js");
const loadDiscovery = loadOnUse<typeof import("./discover-modules.js")>(
  import.meta.url,
  "./discover-modules.js",
);
const loadModules = loadOnUse<typeof import("./create-module.js")>(import.meta.url, "./create-module.js");

/** Makes plugins of hooks, which `register` of a router takes: `hook("request", (req) => ...)`. */
export const hook: HookFactory = Object.assign(
  (name: HookName, fn: never): Plugin => loadHooks().createHook(name, fn),
  {
    define: <Added = never>(hooks: object): Plugin<Added> =>
      loadHooks().createHooks(hooks as never) as Plugin<Added>,
    once: (name: HookName, fn: never): Plugin => loadHooks().createOnceHook(name, fn),
    lifespan: (setup: (app: App) => unknown): Plugin => loadHooks().createLifespan(setup),
  },
) as HookFactory;

/**
 * Makes a plugin that sets something up. `Added` are the fields that it adds to the requests of its scope.
 *
 * @throws {ArgumentError} with all that is wrong.
 */
export function plugin<Added = never>(options: PluginOptions): Plugin<Added> {
  return loadPlugins().definePlugin<Added>(options);
}

/**
 * Makes a plugin that mounts the modules of a folder: each file named `module.js` or `module.ts` is a scope at the path of
 * its folder, in the scope of the module around it.
 *
 * @param folder A `file:` URL, as `new URL("./modules/", import.meta.url)` gives it, or a path.
 */
export function discoverModules(folder: string | URL): Plugin<never> {
  return loadDiscovery().discoverModules(folder);
}

/**
 * Makes the router of a module file, for those who find modules in their own way.
 *
 * @param exports What the file exports.
 * @param file Its name, for messages.
 * @throws {ArgumentError} with all that is wrong.
 */
export function createModule(exports: object, file: string): CreatedModule {
  return loadModules().createModule(exports, file);
}
