export type { JSXNodeErrorCode } from "./errors.js";
export { JSXNodeError } from "./errors.js";
export { HTMLEncode } from "./escape/html-encode.js";
export { serializeState } from "./escape/serialize-state.js";
export type { ModulePreload } from "./render/html-writer.js";
export type { RenderOptions } from "./render/page-host.js";
export type { RenderToStringOptions } from "./render/render-to-string.js";
export { renderToString } from "./render/render-to-string.js";
