export { BunApp } from "./runtime/bun-app.js";
export type { CreateAppOptions } from "./runtime/create-app.js";
export { createApp } from "./runtime/create-bun-app.js";
