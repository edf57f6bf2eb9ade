import type { ComponentInstance } from "./component-instance.js";

/** What all copies of this package in a process or page have in common. */
interface Shared {
  /** The component that is rendering now. */
  current?: ComponentInstance | undefined;
  /** The custom elements that were defined where there is no browser, by tag. */
  elements?: Map<string, unknown>;
  /** How many trees took a prefix for their ids. */
  prefixes?: number;
}

// A page or a bundle can hold two copies of this package: a hook of one must find the host of the other.
// biome-ignore lint/suspicious/noAssignInExpressions: made and taken at once.
export const shared: Shared = ((globalThis as unknown as Record<symbol, Shared | undefined>)[
  Symbol.for("miqro.jsx")
] ??= {});
