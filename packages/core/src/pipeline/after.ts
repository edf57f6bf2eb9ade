import { captureContext, runInContext } from "../exchange/async-context.js";
import type { AfterSteps, ServedResponse } from "../exchange/served.js";
import type { Middleware } from "../exchange/types.js";
import { tell } from "../log/logger.js";
import { maskTokens } from "../log/mask-tokens.js";

type AfterStep = () => unknown;

/**
 * The steps after an answer. It is created only for responses that need one. First it runs the deferred functions of
 * handlers. Then it runs the after-steps of the entered scopes, the innermost first. Finally it runs the functions that
 * remove things which earlier steps may need. A function that is added later, by one of these steps or by a handler
 * whose client has disconnected, runs as well.
 */
export class AfterQueue implements AfterSteps {
  readonly #res: ServedResponse;
  readonly #deferred: AfterStep[] = [];
  readonly #entered: (readonly Middleware[])[] = [];
  readonly #removals: AfterStep[] = [];
  /** The after-steps of one scope, in their order. */
  readonly #due: AfterStep[] = [];
  readonly #count: (isOpen: boolean) => void;
  #state: "open" | "running" | "idle" = "open";

  /** @param count Called when there is something to run, and when all of it has run. */
  constructor(res: ServedResponse, count: (isOpen: boolean) => void) {
    this.#res = res;
    this.#count = count;
    // "close" is emitted once, after the last byte or after the client disconnected.
    if (res.destroyed) {
      this.#state = "idle";
      return;
    }
    count(true);
    res.once("close", () => runInContext(res.req, () => void this.#run()));
  }

  /** Runs the callback after the answer. */
  defer(callback: AfterStep): void {
    const scope = captureContext();
    this.#deferred.push(() => scope.runInAsyncScope(callback));
    this.#wake();
  }

  /** Runs the handlers after the answer, before the handlers of earlier calls. */
  enter(handlers: readonly Middleware[]): void {
    this.#entered.push(handlers);
    this.#wake();
  }

  /** Runs the callback when all other steps have run. */
  remove(callback: AfterStep): void {
    this.#removals.push(callback);
    this.#wake();
  }

  #wake(): void {
    if (this.#state !== "idle") return;
    this.#state = "running";
    this.#count(true);
    queueMicrotask(() => this.#run());
  }

  async #run(): Promise<void> {
    this.#state = "running";
    const { req } = this.#res;
    for (let step = this.#next(); step !== undefined; step = this.#next()) {
      try {
        await step();
      } catch (error) {
        tell(() =>
          req.logger.error(
            "A step after the answer to %s %s failed.",
            req.method,
            maskTokens(req.url),
            error,
          ),
        );
      }
    }
    this.#state = "idle";
    this.#count(false);
  }

  #next(): AfterStep | undefined {
    const soon = this.#deferred.shift() ?? this.#due.shift();
    if (soon !== undefined) return soon;
    const handlers = this.#entered.pop();
    if (handlers === undefined) return this.#removals.shift();
    const res = this.#res;
    for (const handler of handlers) this.#due.push(() => handler(res.req, res));
    return this.#next();
  }
}
