import { type ComponentInstance, createInstance, type JSXNode } from "@miqro/jsx";
import type { Part } from "./part.js";
import { reconcileChildren } from "./reconcile.js";
import { batch, collectError, queueUpdate } from "./scheduler.js";

let rootCount = 0;

/**
 * Makes the outermost part of a tree, which shows nothing yet.
 *
 * @param container where its nodes go; what is there already is removed
 * @param element what `useElement` gives
 * @param refresh called when the instance of the root is to be updated
 */
export function createRoot(
  container: Element | ShadowRoot,
  element: Element | ShadowRoot,
  refresh?: () => void,
): Part {
  container.textContent = "";
  const instance: ComponentInstance = createInstance(
    {
      live: true,
      idPrefix: `c${rootCount++}`,
      element,
      update: queueUpdate,
      report: collectError,
    },
    undefined,
    refresh,
  );
  return {
    kind: "root",
    parent: undefined,
    index: 0,
    node: null,
    instance,
    container,
    dom: container,
    children: [],
  };
}

/** Has a tree show a node. Errors of components come back when the tree is whole again. */
export function showInRoot(root: Part, node: JSXNode): readonly unknown[] {
  return batch(() => reconcileChildren(root, [node]));
}
