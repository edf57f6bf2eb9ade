import type { JSXNode } from "../vnode/vnode.js";
import { shared } from "./shared.js";

/** The props of `Suspense`. */
export interface SuspenseProps {
  /** The nodes that are sent while the children are not ready. */
  readonly fallback?: JSXNode;
  readonly children?: JSXNode;
}

/**
 * Lets a streaming server send the `fallback` first, and the children when their data has arrived. Elsewhere the
 * children are shown at once.
 */
export function Suspense(props: SuspenseProps): JSXNode {
  const host = shared.current?.host;
  return host?.suspend === undefined ? props.children : host.suspend(props);
}
