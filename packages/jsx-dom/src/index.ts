export { define } from "./element/define.js";
export type { DefineOptions, PropType } from "./element/define-options.js";
export { createPortal } from "./render/portal.js";
export { hydrate, render } from "./render/render.js";
export type { RootOptions } from "./render/root.js";
