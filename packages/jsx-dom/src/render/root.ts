import { createInstance, type JSXNode } from "@miqro/jsx";
import { hydration } from "./hydration.js";
import type { Part } from "./part.js";
import { reconcileChildren } from "./reconcile.js";
import { batch, collectError, queueUpdate } from "./scheduler.js";

let rootCount = 0;

/**
 * Makes the outermost part of a tree, which shows nothing yet.
 *
 * @param dom where its nodes go
 * @param element what `useElement` gives
 * @param idPrefix what the ids of `useId` begin with, where a server rendered the tree
 * @param refresh called when the instance of the root is to be updated
 */
export function createRoot(dom: Node, element: Node, idPrefix?: string, refresh?: () => void): Part {
  const host = {
    live: true,
    idPrefix: idPrefix ?? `c${rootCount++}`,
    element,
    update: queueUpdate,
    report: collectError,
  };
  return {
    kind: "root",
    parent: undefined,
    index: 0,
    node: null,
    instance: createInstance(host, undefined, refresh),
    dom,
    children: [],
    listeners: undefined,
  };
}

/**
 * Has a tree show a node. Errors of components come back when the tree is whole again.
 *
 * @param next the node of the page that hydration begins with, where there is one
 */
export function showInRoot(root: Part, node: JSXNode, next?: Node | null): readonly unknown[] {
  return batch(() => {
    const outer = hydration.next;
    hydration.next = next;
    reconcileChildren(root, [node]);
    hydration.next = outer;
  });
}
