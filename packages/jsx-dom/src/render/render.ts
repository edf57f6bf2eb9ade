import type { JSXNode } from "@miqro/jsx";
import { headElements } from "./hydration.js";
import type { Part } from "./part.js";
import { createRoot, type RootOptions, showInRoot } from "./root.js";

const roots = new WeakMap<Element | ShadowRoot, Part>();

/** Shows a node and throws its first error. Further errors are reported. */
function show(root: Part, node: JSXNode, next?: Node | null): void {
  const errors: unknown[] = [];
  showInRoot(root, node, next, (error) => errors.push(error));
  for (const error of errors.slice(1)) reportError(error);
  if (errors.length > 0) throw errors[0];
}

/**
 * Shows a node in a container. A second call updates the container to the new node. `null` removes everything and runs
 * every cleanup.
 *
 * @param node the node to show
 * @param container an element, or a shadow root; its content at the first call is removed
 * @param options data about the page for components; the options of the first call count
 * @throws the first error of a component, when the page is complete again; the earlier content of that component
 *   stays
 */
export function render(node: JSXNode, container: Element | ShadowRoot, options?: RootOptions): void {
  let root = roots.get(container);
  if (root === undefined) {
    container.textContent = "";
    root = createRoot(container, container, options);
    roots.set(container, root);
  }
  show(root, node);
}

/**
 * Hydrates the HTML that a server rendered of a node: its elements stay, and get their listeners. Differences are
 * changed to the node; the modules with messages warn of them. For later changes, call `render`.
 *
 * @param node the node that the server rendered
 * @param container the element that holds the result of `renderToString`, and nothing else
 * @param options data about the page for components, the same as on the server
 * @throws as `render` does
 */
export function hydrate(node: JSXNode, container: Element | ShadowRoot, options?: RootOptions): void {
  if (roots.has(container)) {
    render(node, container);
    return;
  }
  const root = createRoot(container, container, { idPrefix: "s", ...options });
  roots.set(container, root);
  show(root, node, container.firstChild);
  removeMoved(container);
}

/**
 * If a page without a head tag begins with elements that may be in a head, the parser puts them there. Hydration did
 * not find them in the body and made new ones, so this removes the elements in the head.
 */
function removeMoved(container: Element | ShadowRoot): void {
  const { body, head } = container.ownerDocument;
  if (container !== body) return;
  const moved = [...head.children];
  for (const element of body.children) {
    const index = headElements.test(element.localName)
      ? moved.findIndex((other) => other.isEqualNode(element))
      : -1;
    if (index !== -1) moved.splice(index, 1)[0]?.remove();
  }
}
