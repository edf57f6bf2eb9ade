import { createElement, type HookSlot, type JSXNode, type Key, useSlot, type VNode } from "@miqro/jsx";
import { cursor, moveCursor } from "./hydration.js";
import { createPart, type Part } from "./part.js";
import { reconcileChildren } from "./reconcile.js";

interface PortalProps {
  readonly container: Element | ShadowRoot;
  readonly children?: JSXNode;
}

interface PortalSlot extends HookSlot {
  readonly root: Part | undefined;
}

function show(root: Part, nodes: readonly JSXNode[]): void {
  const outer = cursor;
  // A server does not write the content of a portal, so nothing is hydrated here.
  moveCursor(undefined);
  reconcileChildren(root, nodes);
  moveCursor(outer);
}

function Portal({ container, children }: PortalProps): JSXNode {
  const { root } = useSlot<PortalSlot>("createPortal", (instance) => {
    // A server has no container, so the portal shows nothing there.
    if (!instance.host.live) return { hook: "createPortal", root: undefined };
    const created = createPart("root", undefined, 0, null, instance, container);
    return { hook: "createPortal", root: created, dispose: () => show(created, []) };
  });
  if (root) show(root, [children]);
  return null;
}

const keys = new WeakMap<object, number>();
let count = 0;

/**
 * Shows nodes at the end of another element of the page: a dialog, a menu or a message that the surrounding elements
 * must not cut off. Contexts and error boundaries apply to the nodes as if they were children of this component. Events
 * bubble to the DOM ancestors of `container`.
 *
 * @param children the nodes to show
 * @param container the element that gets the nodes; if it changes, the nodes are created again
 * @param key the key that identifies the portal among its siblings
 */
export function createPortal(children: JSXNode, container: Element | ShadowRoot, key?: Key): VNode {
  if (!keys.has(container)) keys.set(container, count++);
  return createElement(Portal, { container, children, key: `${keys.get(container)} ${key ?? ""}` });
}
