import { asyncHooks } from "../platform/builtins.js";
import { kScope } from "./internal.js";
import type { AsyncScope } from "./served.js";

interface Scoped {
  "miqro:scope": AsyncScope | undefined;
}

/**
 * Captures the running context. Events of a connection, and timers for all requests, run in the context of the code
 * that made them. If a step continued from such an event, it would lose the values that the request has in an
 * `AsyncLocalStorage`.
 */
export function captureContext(): AsyncScope {
  // `AsyncLocalStorage.snapshot` does the same, but costs a hundred times as much (decisions/038-one-context.md).
  return new asyncHooks.AsyncResource("miqro.request", { requireManualDestroy: true });
}

/** Keeps the current context, for the parts of a request that continue outside of its steps. */
export function keepContext(req: Scoped): AsyncScope {
  const scope = captureContext();
  req[kScope] = scope;
  return scope;
}

/** Runs a function in the context of the step that ran last, if one was kept. */
export function runInContext(req: Scoped, run: () => void): void {
  const scope = req[kScope];
  if (scope === undefined) run();
  else scope.runInAsyncScope(run);
}

/**
 * Runs the code that serves a request. The first import of `@miqro/core/context` sets it, so other programs do not pay
 * for it.
 */
export const contexts: { enter: ((req: object, run: () => void) => void) | undefined } = { enter: undefined };
