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
  // No server wrote it.
  moveCursor(undefined);
  reconcileChildren(root, nodes);
  moveCursor(outer);
}

function Portal({ container, children }: PortalProps): JSXNode {
  const { root } = useSlot<PortalSlot>("createPortal", (instance) => {
    // A server has no container: what a portal shows comes with the page.
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
 * Shows nodes in another element of the page, at its end: a dialog, a menu or a message that must not be cut off by the
 * elements around it. Contexts and error boundaries reach them as if they stood here; events take the way of the page.
 *
 * @param children what to show
 * @param container where; the nodes are made anew when another container is given
 * @param key what identifies the portal among its siblings
 */
export function createPortal(children: JSXNode, container: Element | ShadowRoot, key?: Key): VNode {
  if (!keys.has(container)) keys.set(container, count++);
  return createElement(Portal, { container, children, key: `${keys.get(container)} ${key ?? ""}` });
}
