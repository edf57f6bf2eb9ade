import type { App } from "../app/app.js";
import type { OpenRequest, Response } from "../exchange/types.js";
import type { Router } from "../routing/router.js";
import type { HookFunctions } from "./hook-functions.js";
import type { HookName, Plugin } from "./plugin.js";

/** What each hook is. */
export type Hooks = HookFunctions<App, Router>;

/** By a name of its own: signatures with a literal come before all others, and this one has to be the last. */
export type RequestName = "request";

/** Makes plugins of hooks. */
export interface HookFactory {
  /**
   * Makes a plugin of one hook.
   *
   * @param name When it runs: `request`, `transform`, `send`, `error`, `timeout`, `register`, `ready`, `listen`, `close`.
   * @throws {ArgumentError} where there is no such hook, or the function has more parameters than it gets.
   */
  <Name extends HookName>(name: Name, fn: Hooks[Name]): Plugin<never>;
  /**
   * Makes a plugin of a `request` hook that adds fields to the requests of its scope: handlers of the router that
   * `register` returns see them.
   */
  <Added extends object>(
    name: RequestName,
    fn: (req: OpenRequest & Added, res: Response) => unknown,
  ): Plugin<Added>;
  /** Makes a plugin of several hooks, as in `hook.define({ request(req) {}, send(req, res) {} })`. */
  define<Added = never>(hooks: Partial<Hooks>): Plugin<Added>;
  /** Makes a plugin of one hook that runs the first time only, for each router that it is registered at. */
  once<Name extends HookName>(name: Name, fn: Hooks[Name]): Plugin<never>;
  /**
   * Makes a plugin that runs a function when the app is ready, and what it returned when the app closes.
   *
   * @param setup Begins something, and returns, or resolves to, the function that ends it.
   */
  lifespan(setup: (app: App) => unknown): Plugin<never>;
}
