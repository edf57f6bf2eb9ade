import { createInstance, type JSXNode, type Runtime } from "@miqro/jsx";
import { cursor, moveCursor } from "./hydration.js";
import { createPart, type Part } from "./part.js";
import { reconcileChildren } from "./reconcile.js";
import { batch, collectError, queueUpdate } from "./scheduler.js";

/** Data about the page for the components of a tree. */
export interface RootOptions {
  /** The prefix of all paths of the application; empty by default. */
  readonly basePath?: string | undefined;
  /** The prefix of the ids of `useId`. Default: a prefix that no other tree of the page has, and `s` for `hydrate`. */
  readonly idPrefix?: string | undefined;
  /** The runtime that `useRuntime` returns, instead of the location and the history of the page. */
  readonly runtime?: Runtime | undefined;
}

/**
 * Makes the outermost part of a tree. It is still empty.
 *
 * @param dom the node that gets the tree's nodes
 * @param element the element that `useElement` returns
 * @param refresh called when the instance of the root must be updated
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
 * Makes a tree show a node.
 *
 * @param next the node of the page that hydration begins with, if any
 * @param report gets the errors of components, when the tree is complete again
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
