import type { JSXNode } from "@miqro/jsx";
import type { Part } from "./part.js";
import { createRoot, showInRoot } from "./root.js";

const roots = new WeakMap<Element | ShadowRoot, Part>();

/**
 * Shows a node in a container. Called again, it changes what is there to the new node; `null` removes it all and
 * runs every cleanup.
 *
 * @param node what to show
 * @param container an element, or a shadow root; what it holds at the first call is removed
 * @throws the first error of a component, when the page is whole again; what the component showed before stays
 */
export function render(node: JSXNode, container: Element | ShadowRoot): void {
  let root = roots.get(container);
  if (root === undefined) {
    root = createRoot(container, container);
    roots.set(container, root);
  }
  const [first, ...others] = showInRoot(root, node);
  for (const error of others) reportError(error);
  if (first !== undefined) throw first;
}
