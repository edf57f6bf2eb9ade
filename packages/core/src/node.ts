export type { CreateAppOptions } from "./runtime/create-app.js";
export { createApp } from "./runtime/create-node-app.js";
