import { createInstance, type JSXNode, type Runtime } from "@miqro/jsx";
import { cursor, moveCursor } from "./hydration.js";
import { createPart, type Part } from "./part.js";
import { reconcileChildren } from "./reconcile.js";
import { batch, collectError, queueUpdate } from "./scheduler.js";

/** Data about the page for the components of a tree. */
export interface RootOptions {
  /** The prefix of all paths of the application; empty by default. */
  readonly basePath?: string | undefined;
  /** The prefix of the ids of `useId`. Default: a unique prefix. The default for `hydrate` is `s`. */
  readonly idPrefix?: string | undefined;
  /** The runtime that `useRuntime` returns. Default: a runtime with the location and the history of the page. */
  readonly runtime?: Runtime | undefined;
}

/**
 * Creates the root part of a tree, without children.
 *
 * @param dom the DOM node that gets the nodes of the tree
 * @param element the element that `useElement` returns
 * @param refresh called if the root must render again
 */
export function createRoot(dom: Node, element: Node, options?: RootOptions, refresh?: () => void): Part {
  const host = {
    ...options,
    live: true,
    get hydrates() {
      return cursor !== undefined;
    },
    element,
    update: queueUpdate,
    report: collectError,
  };
  return createPart("root", undefined, 0, null, createInstance(host, undefined, refresh), dom);
}

/**
 * Shows a node in the tree of a root part.
 *
 * @param next the first DOM node to hydrate, if any
 * @param report called with each error of a component, after the tree is complete
 */
export function showInRoot(
  root: Part,
  node: JSXNode,
  next?: Node | null,
  report?: (error: unknown) => void,
): void {
  batch(() => {
    const outer = cursor;
    moveCursor(next);
    reconcileChildren(root, [node]);
    moveCursor(outer);
  }, report);
}
