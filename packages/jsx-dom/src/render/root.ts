import { createInstance, type JSXNode, type Runtime } from "@miqro/jsx";
import { cursor, moveCursor } from "./hydration.js";
import { createPart, type Part } from "./part.js";
import { reconcileChildren } from "./reconcile.js";
import { batch, collectError, queueUpdate } from "./scheduler.js";

/** What the components of a tree are told about the page. */
export interface RootOptions {
  /** What each path of the application begins with; empty by default. */
  readonly basePath?: string | undefined;
  /** What the ids of `useId` begin with; by default one that no other tree of the page has, and `s` for `hydrate`. */
  readonly idPrefix?: string | undefined;
  /** What `useRuntime` gives, instead of the location and the history of the page. */
  readonly runtime?: Runtime | undefined;
}

/**
 * Makes the outermost part of a tree, which shows nothing yet.
 *
 * @param dom where its nodes go
 * @param element what `useElement` gives
 * @param refresh called when the instance of the root is to be updated
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
 * Has a tree show a node.
 *
 * @param next the node of the page that hydration begins with, where there is one
 * @param report gets the errors of components, when the tree is whole again
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
