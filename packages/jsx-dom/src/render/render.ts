import type { JSXNode } from "@miqro/jsx";
import { headElements } from "./hydration.js";
import type { Part } from "./part.js";
import { createRoot, type RootOptions, showInRoot } from "./root.js";

const roots = new WeakMap<Element | ShadowRoot, Part>();

/** Shows a node and throws the first error. Further errors are reported to the page. */
function show(root: Part, node: JSXNode, next?: Node | null): void {
  const errors: unknown[] = [];
  showInRoot(root, node, next, (error) => errors.push(error));
  for (const error of errors.slice(1)) reportError(error);
  if (errors.length > 0) throw errors[0];
}

/**
 * Shows a node in a container. A second call updates the container to the new node. `null` removes all nodes and runs
 * all cleanups.
 *
 * @param node the node to show
 * @param container an element, or a shadow root; the first call removes its content
 * @param options data about the page for components; the options of the first call count
 * @throws the first error of a component, after the page is complete; the failed component keeps its earlier content
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
 * Hydrates the HTML that a server rendered from the same node. The elements stay and get their listeners. If the page
 * differs from the node, the page is changed, and the modules with messages print a warning. For later changes, call
 * `render`.
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
 * If a page without a `<head>` tag begins with elements such as `<title>`, the parser moves them into the head.
 * Hydration does not find them in the body and creates new ones. So this removes the elements from the head.
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
