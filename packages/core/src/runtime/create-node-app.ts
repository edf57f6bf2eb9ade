import { App } from "../app/app.js";
import { type CreateAppOptions, createAppOf } from "./create-app.js";

/** Makes an app that serves by `node:http`. */
export function createApp(options?: CreateAppOptions): App {
  return createAppOf(App, options);
}
