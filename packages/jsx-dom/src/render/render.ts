import type { JSXNode } from "@miqro/jsx";
import { headElements } from "./hydration.js";
import type { Part } from "./part.js";
import { createRoot, type RootOptions, showInRoot } from "./root.js";

const roots = new WeakMap<Element | ShadowRoot, Part>();

/** Shows a node, and throws the first error of it; the others are reported. */
function show(root: Part, node: JSXNode, next?: Node | null): void {
  const errors: unknown[] = [];
  showInRoot(root, node, next, (error) => errors.push(error));
  for (const error of errors.slice(1)) reportError(error);
  if (errors.length > 0) throw errors[0];
}

/**
 * Shows a node in a container. Called again, it changes what is there to the new node; `null` removes it all and
 * runs every cleanup.
 *
 * @param node what to show
 * @param container an element, or a shadow root; what it holds at the first call is removed
 * @param options what components are told about the page; those of the first call count
 * @throws the first error of a component, when the page is whole again; what the component showed before stays
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
 * Takes over what a server rendered of a node: its elements stay, and get their listeners. What differs is changed
 * to what the node says; the modules with messages warn of it. Later changes come through `render`.
 *
 * @param node what the server rendered
 * @param container the element that holds what `renderToString` gave, and nothing else
 * @param options what components are told about the page, the same as on the server
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
 * A page without the tag of a head begins with the elements of its tree, and the parser puts those that may stand in a
 * head there. Hydration did not find them in the body and made new ones: here the first ones go.
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
