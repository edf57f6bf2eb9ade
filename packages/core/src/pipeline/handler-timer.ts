import { HttpError, withoutStack } from "../errors.js";
import { kAbortBody, kDetails } from "../exchange/internal.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import { isAnswered } from "../reply/answer.js";

/**
 * Answers 503 instead of a handler that takes too long, and aborts the signal of its request. While the client still
 * sends a body that is being read, the client is slow, not the handler: `stallTimeout` limits that time.
 */
export class HandlerTimer {
  readonly #req: ServedRequest;
  readonly #res: ServedResponse;
  readonly #timeout: number;
  readonly #onExpired: (error: HttpError) => void;
  readonly #timer: NodeJS.Timeout;
  #hasWaited = false;
  #expired = false;

  /** @param timeout In milliseconds. */
  constructor(
    req: ServedRequest,
    res: ServedResponse,
    timeout: number,
    onExpired: (error: HttpError) => void,
  ) {
    this.#req = req;
    this.#res = res;
    this.#timeout = timeout;
    this.#onExpired = onExpired;
    this.#timer = setTimeout(() => this.#look(), timeout);
  }

  /**
   * Stops the timer. Returns false if the timer has already answered, so that the result of the handler is not used any
   * more.
   */
  stop(): boolean {
    clearTimeout(this.#timer);
    return !this.#expired;
  }

  #look(): void {
    const req = this.#req;
    if (isAnswered(this.#res)) return;
    const isWaiting = isReceived(req);
    // When the body becomes complete for the first time, the handler may have had the body only for a moment.
    if (isWaiting || this.#hasWaited) {
      this.#hasWaited = isWaiting;
      this.#timer.refresh();
      return;
    }
    this.#expired = true;
    // If a handler reads the signal only later, it gets an aborted signal.
    void req.signal;
    req[kDetails]?.controller?.abort();
    const message = `The handler did not answer within ${this.#timeout} ms.`;
    this.#onExpired(withoutStack(() => new HttpError(503, message, { code: "HANDLER_TIMEOUT" })));
  }
}

function isReceived(req: ServedRequest): boolean {
  if (req.complete) return false;
  return req[kAbortBody] !== undefined || req.readableFlowing === true || req.listenerCount("readable") > 0;
}
