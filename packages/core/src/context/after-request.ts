import { ArgumentError } from "../errors.js";
import { kError } from "../exchange/internal.js";
import type { ServedResponse } from "../exchange/served.js";
import { describe } from "../options/check-options.js";
import { context } from "./context.js";

/**
 * Runs a function when the answer to the request has left, or the client has disconnected. `close` of the app waits for
 * the function.
 *
 * @throws {StateError} outside of a request.
 */
export function defer(fn: () => unknown): void {
  context().res.defer(fn);
}

/**
 * Runs a function after the answer if something was thrown for the request, even if the error was handled.
 *
 * @param fn The function. It gets the last thrown error.
 * @throws {StateError} outside of a request.
 */
export function onError(fn: (error: Error) => unknown): void {
  if (typeof fn !== "function") throw new ArgumentError(`onError takes a function, not ${describe(fn)}.`);
  const res = context().res as ServedResponse;
  res.defer(() => (res[kError] === undefined ? undefined : fn(res[kError] as Error)));
}
