import { ArgumentError } from "../errors.js";

/** Where a hook can run. */
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
  /** The plugin that it came with: one that is registered twice, in a scope or around it, counts once. */
  readonly plugin: Plugin;
  readonly run: (...given: never[]) => unknown;
}

/** What a plugin is made of. */
export interface PluginParts {
  readonly name: string;
  /** The names of the plugins that have to be set up before. */
  readonly dependencies?: readonly string[];
  /** Makes the hooks for one router: what they remember is not shared. */
  readonly createHooks?: (plugin: Plugin) => HookRecord[];
  /** Runs once, when the app starts. */
  readonly setup?: (router: never) => unknown;
}

/** Reads what a plugin is made of. */
export let partsOf: (plugin: Plugin) => PluginParts;

/**
 * What `register` takes: hooks, or a function that sets something up. `hook` and `plugin` make it.
 * `Added` are the fields that it adds to the requests of its scope.
 */
export class Plugin<Added = unknown> {
  /** For types only: a plugin that adds fields cannot stand for one that adds others. */
  declare readonly "miqro:added"?: Added;
  readonly #parts: PluginParts;

  constructor(parts: PluginParts) {
    this.#parts = parts;
  }

  static {
    partsOf = (plugin) => {
      if (!(#parts in plugin)) {
        throw new ArgumentError(
          "This plugin was made by another copy of @miqro/core: install one version of it.",
        );
      }
      return plugin.#parts;
    };
  }

  /** What messages call it, and what `dependencies` of other plugins ask for. */
  get name(): string {
    return this.#parts.name;
  }

  /** The names of the plugins that have to be set up before. */
  get dependencies(): readonly string[] {
    return this.#parts.dependencies ?? [];
  }
}
