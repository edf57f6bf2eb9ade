import { asyncHooks } from "../platform/builtins.js";
import { kScope } from "./internal.js";
import type { AsyncScope } from "./served.js";

interface Scoped {
  "miqro:scope": AsyncScope | undefined;
}

/**
 * Takes down the context that runs. Events of a connection and of timers for all requests come in the context of whoever
 * made these, and what goes on from there would lose what the steps of its request have put into an `AsyncLocalStorage`.
 */
export function captureContext(): AsyncScope {
  // `AsyncLocalStorage.snapshot` does the same, and costs a hundred times as much (decisions/038-one-context.md).
  return new asyncHooks.AsyncResource("miqro.request", { requireManualDestroy: true });
}

/** Has what goes on with a request from outside of its steps run in the context that runs now. */
export function keepContext(req: Scoped): AsyncScope {
  const scope = captureContext();
  req[kScope] = scope;
  return scope;
}

/** Runs something in the context of the step that ran last, where one was kept. */
export function runInContext(req: Scoped, run: () => void): void {
  const scope = req[kScope];
  if (scope === undefined) run();
  else scope.runInAsyncScope(run);
}

/** Runs what serves a request. Set by the first import of `@miqro/core/context`: nobody else pays for a context. */
export const contexts: { enter: ((req: object, run: () => void) => void) | undefined } = { enter: undefined };
