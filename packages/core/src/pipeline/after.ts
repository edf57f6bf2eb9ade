import type { ServedResponse } from "../http/served.js";
import type { Middleware } from "../http/types.js";
import { maskTokens } from "../log/mask-tokens.js";

/**
 * What runs after an answer, kept per response and only where something asked for it: first what handlers deferred,
 * then the after-steps of what was entered, the innermost first.
 */
export class AfterSteps {
  readonly #deferred: (() => unknown)[] = [];
  readonly #entered: (readonly Middleware[])[] = [];

  constructor(res: ServedResponse) {
    // "close" comes once, after the last byte or after the client went away.
    if (res.destroyed) queueMicrotask(() => this.#run(res));
    else res.once("close", () => this.#run(res));
  }

  /** Runs the callback after the answer. */
  defer(callback: () => unknown): void {
    this.#deferred.push(callback);
  }

  /** Runs the handlers after the answer, and before those of what was entered earlier. */
  enter(handlers: readonly Middleware[]): void {
    this.#entered.push(handlers);
  }

  async #run(res: ServedResponse): Promise<void> {
    const { req } = res;
    const steps: (() => unknown)[] = [...this.#deferred];
    for (const handlers of this.#entered.toReversed()) {
      for (const handler of handlers) steps.push(() => handler(req, res));
    }
    for (const step of steps) {
      try {
        await step();
      } catch (error) {
        req.logger.error("A step after the answer to %s %s failed.", req.method, maskTokens(req.url), error);
      }
    }
  }
}
