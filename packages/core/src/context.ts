export { abort } from "./context/abort.js";
export { defer, onError } from "./context/after-request.js";
export type { Context } from "./context/context.js";
export { context } from "./context/context.js";
export type { ContextValue } from "./context/create-context.js";
export { createContext } from "./context/create-context.js";
export { redirect } from "./context/redirect.js";
