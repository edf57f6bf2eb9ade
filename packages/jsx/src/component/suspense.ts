import type { JSXNode } from "../vnode/vnode.js";
import { shared } from "./shared.js";

/** The props of `Suspense`. */
export interface SuspenseProps {
  /** The nodes that are shown until the children are ready. */
  readonly fallback?: JSXNode;
  readonly children?: JSXNode;
}

/**
 * On a streaming server, sends the `fallback` first, and the children when their data has arrived. Elsewhere, it shows
 * the children at once.
 */
export function Suspense(props: SuspenseProps): JSXNode {
  const host = shared.current?.host;
  return host?.suspend === undefined ? props.children : host.suspend(props);
}
