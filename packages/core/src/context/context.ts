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
// Importing this module turns the contexts on.
contexts.enter = (req, run) => storage.run(req, run);

/**
 * Returns the current request and its response, in any function that runs for the request.
 *
 * @throws {StateError} outside of a request.
 */
export function context(): Context {
  const req = storage.getStore() as ServedRequest | undefined;
  const res = req?.[kResponse];
  if (req === undefined || res === undefined) {
    throw new StateError(
      "There is no current request: call `context()`, and functions that use it, only in handlers and hooks of a request, or in functions that these call.",
    );
  }
  return { req, res };
}
