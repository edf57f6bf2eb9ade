import { checkOptions } from "../options/check-options.js";
import { kinds, type OptionKinds } from "../options/kinds.js";
import type { Router } from "../routing/router.js";
import { Plugin } from "./plugin.js";

/** A plugin that sets something up. */
export interface PluginOptions {
  /** What messages call it, and what `dependencies` of other plugins ask for. */
  readonly name: string;
  /** The names of plugins that have to be set up before it, in the same scope or in one around it. */
  readonly dependencies?: readonly string[];
  /**
   * Adds hooks, middleware and routes to the router that it is registered at. It runs once, when the app starts: before
   * `listen`, `inject` and `fetch` serve. A promise is waited for.
   */
  readonly setup: (router: Router) => unknown;
}

const pluginKinds: OptionKinds<PluginOptions> = {
  name: { words: "a name", test: (value) => typeof value === "string" && value !== "" },
  dependencies: kinds.textList,
  setup: kinds.call,
};

/** Makes a plugin that sets something up. */
export function definePlugin<Added>(options: PluginOptions): Plugin<Added> {
  checkOptions<PluginOptions>(options, "A plugin", pluginKinds, (faults) => {
    for (const key of ["name", "setup"] as const) {
      if (options[key] === undefined && !faults.has(key)) {
        faults.add(
          key,
          `A plugin needs a \`${key}\`: plugin({ name: "database", async setup(router) { ... } }).`,
        );
      }
    }
  });
  const { name, dependencies, setup } = options;
  return new Plugin<Added>({ name, setup, ...(dependencies === undefined ? {} : { dependencies }) });
}
