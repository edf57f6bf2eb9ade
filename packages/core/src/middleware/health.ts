import { kContext } from "../exchange/internal.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import type { Middleware, Request, Response } from "../exchange/types.js";
import { checkOptions } from "../options/check-options.js";
import { kinds, type OptionKind, type OptionKinds } from "../options/kinds.js";
import { expectServerError } from "../reply/answer.js";
import { jsonType } from "../reply/body-type.js";
import { writeReply } from "../reply/write-reply.js";

/** The options of `Health`. */
export interface HealthOptions {
  /** The path that tells whether the process lives. Default `/health/live`. */
  readonly live?: string | undefined;
  /** The path that tells whether the app is ready for requests. Default `/health/ready`. */
  readonly ready?: string | undefined;
  /**
   * Returns whether the app has everything that it needs, such as its database. Called at each request. Default: always
   * true.
   */
  readonly check?: (() => boolean | Promise<boolean>) | undefined;
  /**
   * The longest time of `check`, in milliseconds. After it the app counts as not ready. Default 5,000; 0 is no limit.
   */
  readonly timeout?: number | undefined;
}

/** Middleware that reports the health of an app. */
export interface HealthMiddleware extends Middleware {
  /** Makes the app not ready from now on, so that load balancers stop sending requests before the app closes. */
  drain(): void;
}

type State = "ok" | "draining" | "unavailable";

const path: OptionKind = {
  words: 'a path such as "/health/live"',
  test: (value) => typeof value === "string" && /^(?:\/[\w.~-]+)+$/.test(value),
};
const healthKinds: OptionKinds<HealthOptions> = {
  live: path,
  ready: path,
  check: kinds.call,
  timeout: kinds.time,
};

/**
 * Reports to supervisors and load balancers whether this process runs, and whether it is ready for requests. It is not
 * ready while the app closes, after `drain`, and while `check` returns false.
 */
export function Health(options: HealthOptions = {}): HealthMiddleware {
  checkOptions<HealthOptions>(options, "`Health`", healthKinds, (faults) => {
    if (!faults.has("ready") && (options.live ?? "/health/live") === (options.ready ?? "/health/ready"))
      faults.add(
        "ready",
        "`live` and `ready` of `Health` are the same path: give them two paths, because their answers differ.",
      );
  });
  const { live = "/health/live", ready = "/health/ready", check, timeout = 5000 } = options;
  let isDraining = false;

  const health = (given: Request, response: Response): unknown => {
    const req = given as ServedRequest;
    const res = response as ServedResponse;
    if (req.method !== "GET" && req.method !== "HEAD") return undefined;
    if (req.path === live) return answer(res, "ok");
    if (req.path !== ready) return undefined;
    if (isDraining || req[kContext]?.isClosing() === true) return answer(res, "draining");
    if (check === undefined) return answer(res, "ok");
    return ask(check, timeout, req).then((isReady) => answer(res, isReady ? "ok" : "unavailable"));
  };
  const drain = (): void => {
    isDraining = true;
  };
  return Object.assign(health, { drain });
}

function answer(res: ServedResponse, status: State): void {
  // Load balancers ask every few seconds, so real errors would be hard to find in the log.
  expectServerError(res);
  const body = JSON.stringify({ status });
  writeReply(res, status === "ok" ? 200 : 503, jsonType, body, { "Cache-Control": "no-store" });
}

async function ask(
  check: () => boolean | Promise<boolean>,
  timeout: number,
  req: ServedRequest,
): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    if (timeout === 0) return;
    timer = setTimeout(() => reject(new Error(`The check did not answer within ${timeout} ms.`)), timeout);
  });
  try {
    return (await Promise.race([check(), late])) === true;
  } catch (error) {
    req.logger.warn("The `check` of `Health` failed.", error);
    return false;
  } finally {
    clearTimeout(timer);
  }
}
