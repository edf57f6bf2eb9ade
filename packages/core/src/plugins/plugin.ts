import { ArgumentError } from "../errors.js";

/** The points at which a hook can run. */
export type HookName =
  | "request"
  | "transform"
  | "send"
  | "error"
  | "timeout"
  | "register"
  | "ready"
  | "listen"
  | "close";

/** A hook of a router. */
export interface HookRecord {
  readonly name: HookName;
  /** The plugin of the hook. A plugin that is registered twice, in a scope or around it, counts once. */
  readonly plugin: Plugin;
  readonly run: (...given: never[]) => unknown;
}

/** The parts of a plugin. */
export interface PluginParts {
  readonly name: string;
  /** The names of the plugins that have to be set up before. */
  readonly dependencies?: readonly string[];
  /** Makes the hooks for one router. Routers do not share the state of hooks. */
  readonly createHooks?: (plugin: Plugin) => HookRecord[];
  /** Runs once, when the app starts. */
  readonly setup?: (router: never) => unknown;
}

/** Returns the parts of a plugin. */
export let partsOf: (plugin: Plugin) => PluginParts;

/**
 * The argument of `register`: hooks, or a function that sets something up. `hook` and `plugin` make it. `Added` are the
 * fields that it adds to the requests of its scope.
 */
export class Plugin<Added = unknown> {
  /** For types only: a plugin that adds some fields is not assignable to a plugin that adds others. */
  declare readonly "miqro:added"?: Added;
  readonly #parts: PluginParts;

  constructor(parts: PluginParts) {
    this.#parts = parts;
  }

  static {
    partsOf = (plugin) => {
      if (!(#parts in plugin)) {
        throw new ArgumentError(
          "This plugin was made by another copy of @miqro/core: install only one version of it.",
        );
      }
      return plugin.#parts;
    };
  }

  /** The name of the plugin, for messages and for the `dependencies` of other plugins. */
  get name(): string {
    return this.#parts.name;
  }

  /** The names of the plugins that have to be set up before. */
  get dependencies(): readonly string[] {
    return this.#parts.dependencies ?? [];
  }
}
