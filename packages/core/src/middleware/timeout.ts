import { kContext } from "../exchange/internal.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import type { Middleware, Request, Response } from "../exchange/types.js";
import { checkOptions } from "../options/check-options.js";
import { kinds, type OptionKinds } from "../options/kinds.js";
import { HandlerTimer } from "../pipeline/handler-timer.js";

/** The options of `Timeout`. */
export interface TimeoutOptions {
  /** The longest time until an answer begins, in milliseconds, at least 1. */
  readonly timeout: number;
}

const timeoutKinds: OptionKinds<TimeoutOptions> = { timeout: kinds.time };

/**
 * Answers 503 if all steps behind it together take too long to begin an answer, and aborts `req.signal`.
 * `handlerTimeout` limits each handler alone.
 */
export function Timeout(options: TimeoutOptions): Middleware {
  checkOptions<TimeoutOptions>(options, "`Timeout`", timeoutKinds, (faults) => {
    if (!faults.has("timeout") && !(options.timeout >= 1)) {
      faults.add("timeout", "`Timeout` needs a `timeout` of 1 ms or more, as in { timeout: 5000 }.");
    }
  });
  const { timeout } = options;
  return function limitTime(given: Request, response: Response): void {
    const req = given as ServedRequest;
    const res = response as ServedResponse;
    if (res.destroyed) return;
    const timer = new HandlerTimer(req, res, timeout, (error) => req[kContext]?.fail(req, res, error));
    res.once("close", () => timer.stop());
  };
}
