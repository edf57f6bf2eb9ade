import type { App } from "../app/app.js";
import type { OpenRequest, Response } from "../exchange/types.js";
import type { Router } from "../routing/router.js";
import type { HookFunctions } from "./hook-functions.js";
import type { HookName, Plugin } from "./plugin.js";

/** The functions of all hooks. */
export type Hooks = HookFunctions<App, Router>;

/**
 * This signature needs its own type for the name. TypeScript puts signatures with a literal type before all others, and
 * this signature must be the last.
 */
export type RequestName = "request";

/** Makes plugins of hooks. */
export interface HookFactory {
  /**
   * Makes a plugin of one hook.
   *
   * @param name The point at which it runs: `request`, `transform`, `send`, `error`, `timeout`, `register`, `ready`,
   * `listen`, `close`.
   * @throws {ArgumentError} if the hook does not exist, or the function has more parameters than it gets.
   */
  <Name extends HookName>(name: Name, fn: Hooks[Name]): Plugin<never>;
  /**
   * Makes a plugin of a `request` hook that adds fields to the requests of its scope. The handlers of the router that
   * `register` returns see the fields.
   */
  <Added extends object>(
    name: RequestName,
    fn: (req: OpenRequest & Added, res: Response) => unknown,
  ): Plugin<Added>;
  /** Makes a plugin of several hooks, as in `hook.define({ request(req) {}, send(req, res) {} })`. */
  define<Added = never>(hooks: Partial<Hooks>): Plugin<Added>;
  /** Makes a plugin of one hook that runs only the first time, for each router that registers it. */
  once<Name extends HookName>(name: Name, fn: Hooks[Name]): Plugin<never>;
  /**
   * Makes a plugin that runs a function when the app is ready, and the returned function when the app closes.
   *
   * @param setup Starts something, and returns a function that ends it, or a promise of this function.
   */
  lifespan(setup: (app: App) => unknown): Plugin<never>;
}
