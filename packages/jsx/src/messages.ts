import type { JSXErrorCode } from "./errors.js";

/** The messages of all errors. The minified files for browsers do not contain them. */
export const messages: { readonly [Code in JSXErrorCode]: (...details: readonly unknown[]) => string } = {
  JSX_HOOK_OUTSIDE: (hook) =>
    `${hook} was called outside a component: call it in the body of a component, not in a handler or after an await.`,
  JSX_HOOK_ORDER: (component, now, before) =>
    `${component} called ${now}, but its last render called ${before}: call hooks unconditionally, before any return.`,
  JSX_RENDER_LOOP: (component, count) =>
    `${component} changed its state in each of ${count} renders: set state in a handler or an effect, or under a condition.`,
  JSX_UPDATE_LOOP: (count) =>
    `Components asked for ${count} renders in a row: set state in a handler, or in an effect under a condition.`,
  JSX_INVALID_TYPE: (received) =>
    `An element needs a tag, a component or Fragment as its type, but got ${received}: check the import of the component.`,
  JSX_INVALID_NODE: (received) =>
    received === "promise"
      ? "A promise cannot be rendered in a page: await it in an effect, and store its result in a state."
      : `A value of the type ${received} cannot be rendered: give a string, an element, an array of them, or null.`,
  JSX_INVALID_TAG: (tag) =>
    `"${tag}" cannot be the tag of a custom element: use lower case letters and a hyphen, such as "my-element".`,
  JSX_NO_RUNTIME: (hook) =>
    `${hook} needs the URL of the page, but none was given: pass { url } to the renderer, as in renderToString(node, { url: req.url }).`,
};
