import { BunApp } from "./bun-app.js";
import { type CreateAppOptions, createAppOf } from "./create-app.js";

/** Makes an app that serves by `Bun.serve`. */
export function createApp(options?: CreateAppOptions): BunApp {
  return createAppOf(BunApp, options);
}
