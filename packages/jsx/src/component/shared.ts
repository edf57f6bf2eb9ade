import type { ComponentInstance } from "./component-instance.js";

/** The state that all copies of this package in one process or page share. */
interface Shared {
  /** The instance of the component that is rendering now. */
  current?: ComponentInstance | undefined;
  /** The custom elements that were defined without a browser, by tag. */
  elements?: Map<string, unknown>;
  /** The number of trees that have a generated prefix for their ids. */
  prefixes?: number;
}

// A page or a bundle can contain two copies of this package. A hook of one copy must find the instance that a host with
// the other copy renders.
// biome-ignore lint/suspicious/noAssignInExpressions: created and read in one expression.
export const shared: Shared = ((globalThis as unknown as Record<symbol, Shared | undefined>)[
  Symbol.for("miqro.jsx")
] ??= {});
