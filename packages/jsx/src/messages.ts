import type { JSXErrorCode } from "./errors.js";

/** The message of each error; the minified files for pages have none. */
export const messages: { readonly [Code in JSXErrorCode]: (...details: readonly unknown[]) => string } = {
  hook_outside_component: (hook) =>
    `${hook} was called outside a component: call it in the body of a component, not in a handler or after an await.`,
  hook_order: (component, now, before) =>
    `${component} called ${now} where its last render called ${before}: call hooks unconditionally, before any return.`,
  render_loop: (component, count) =>
    `${component} changed its state in each of ${count} renders: set state in a handler or an effect, or under a condition.`,
  update_loop: (count) =>
    `Components asked for ${count} renders in a row: set state in a handler, or in an effect under a condition.`,
  invalid_type: (received) =>
    `An element needs a tag, a component or Fragment as its type, but got ${received}: check the import of the component.`,
  invalid_node: (received) =>
    received === "promise"
      ? "A promise cannot be rendered in a page: wait for it in an effect, and keep what it gives in a state."
      : `A value of the type ${received} cannot be rendered: give a string, an element, an array of them, or null.`,
  invalid_tag: (tag) =>
    `"${tag}" cannot be the tag of a custom element: use lower case letters and a hyphen, such as "my-element".`,
  no_runtime: (hook) =>
    `${hook} needs to know the URL of the page, and there is none: pass { url } to the renderer, as in renderToString(node, { url: req.url }).`,
};
