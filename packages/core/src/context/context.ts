import { StateError } from "../errors.js";
import { contexts } from "../exchange/async-context.js";
import { kResponse } from "../exchange/internal.js";
import type { ServedRequest } from "../exchange/served.js";
import type { OpenRequest, Response } from "../exchange/types.js";
import { asyncHooks } from "../platform/builtins.js";

/** The request that is being answered. */
export interface Context {
  readonly req: OpenRequest;
  readonly res: Response;
}

const storage = new asyncHooks.AsyncLocalStorage<object>();
// This module is loaded by those who use it.
contexts.enter = (req, run) => storage.run(req, run);

/**
 * The request that is being answered, and its response, wherever the code stands that asks.
 *
 * @throws {StateError} outside of a request.
 */
export function context(): Context {
  const req = storage.getStore() as ServedRequest | undefined;
  const res = req?.[kResponse];
  if (req === undefined || res === undefined) {
    throw new StateError(
      "There is no request here: call `context()`, and what needs it, in handlers and hooks of a request, and in what they call.",
    );
  }
  return { req, res };
}
