export { define } from "./element/define.js";
export type { DefineOptions, PropType } from "./element/define-options.js";
export type { JSXDOMErrorCode } from "./errors.js";
export { JSXDOMError } from "./errors.js";
export { hydrate, render } from "./render/render.js";
