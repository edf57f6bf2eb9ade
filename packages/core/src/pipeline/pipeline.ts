import type { LoggerLike } from "../log/types.js";
import type { Step } from "./step.js";

/** What happens when no step answered. */
export type Conclusion =
  | { readonly kind: "not-found" }
  /** A GET where only a WebSocket is. */
  | { readonly kind: "upgrade-required" }
  | { readonly kind: "method-not-allowed"; readonly methods: ReadonlySet<string> }
  | { readonly kind: "options"; readonly methods: ReadonlySet<string> };

/** Everything that may run for one kind of path and one method, in order. */
export interface Pipeline {
  readonly steps: readonly Step[];
  /** Whether a route is among the steps. */
  readonly answers: boolean;
  readonly conclusion: Conclusion;
  /** For loggers: `POSTS_GET`. */
  readonly identifier: string;
  /** Writes a line per request; absent when the level is off. */
  readonly requestLogger: LoggerLike | undefined;
}
