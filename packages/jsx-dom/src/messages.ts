import type { JSXDOMErrorCode } from "./errors.js";

/** The message of each error. The minified files for pages have none. */
export const messages: { readonly [Code in JSXDOMErrorCode]: (...details: readonly unknown[]) => string } = {
  invalid_node: (received) =>
    received === "promise"
      ? "A promise cannot be rendered in a page: wait for it in an effect, and keep what it gives in a state."
      : `A value of the type ${received} cannot be rendered: give text, an element, a list of them, or null.`,
  invalid_tag: (tag) =>
    `"${tag}" cannot be the tag of a custom element: use lower case letters and a hyphen, such as "my-element".`,
  update_loop: (count) =>
    `Components asked for ${count} renders in a row: set state in a handler, or in an effect under a condition.`,
};
