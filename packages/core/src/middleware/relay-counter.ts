import { StateError } from "../errors.js";
import { describe } from "../options/check-options.js";
import type { Relay } from "../relay/types.js";

/** The longest time that a request waits for a relay, in milliseconds. */
const patience = 1000;

/**
 * Counts through a relay, but holds no request longer than a second. A relay that did not answer in time gets one call
 * a second, until it answers again: calls must not pile up in a queue of its client.
 */
export class RelayCounter {
  #nextTry: number | undefined;

  /**
   * Returns the count, including this call.
   *
   * @returns `undefined` while the relay does not answer.
   */
  increment(relay: Relay, key: string, span: number): Promise<number> | undefined {
    if (this.#nextTry !== undefined) {
      const now = performance.now();
      if (now < this.#nextTry) return undefined;
      this.#nextTry = now + patience;
    }
    return new Promise((resolve, reject) => {
      const counting = Promise.resolve(relay.increment(key, span));
      const timer = setTimeout(() => {
        this.#nextTry ??= performance.now() + patience;
        reject(new StateError(`The relay did not answer within ${patience} ms.`));
      }, patience);
      const settle = (): void => {
        clearTimeout(timer);
        this.#nextTry = undefined;
      };
      counting.then(
        (counted: unknown) => {
          settle();
          const count = (counted as { count?: unknown } | undefined)?.count;
          if (typeof count === "number" && count >= 1) resolve(count);
          else
            reject(new TypeError(`The relay counted ${describe(count)}, which is not a number from 1 up.`));
        },
        (error: unknown) => {
          settle();
          reject(error);
        },
      );
    });
  }
}
