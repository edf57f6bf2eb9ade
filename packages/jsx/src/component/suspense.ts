import type { JSXNode } from "../vnode/vnode.js";
import { shared } from "./shared.js";

/** What a `Suspense` shows. */
export interface SuspenseProps {
  /** What is sent while the children are not ready. */
  readonly fallback?: JSXNode;
  readonly children?: JSXNode;
}

/**
 * Lets a streaming server send the `fallback` first, and the children when what they wait for has come. Elsewhere
 * the children are shown, with nothing to wait for.
 */
export function Suspense(props: SuspenseProps): JSXNode {
  const host = shared.current?.host;
  return host?.suspend === undefined ? props.children : host.suspend(props);
}
