import { HttpError } from "../errors.js";
import { kDetails } from "../http/internal.js";
import type { ServedRequest, ServedResponse } from "../http/served.js";
import { isAnswered } from "../http/write-reply.js";
import { fail } from "./fail.js";

/** Answers 503 in place of a handler that takes too long, and aborts the signal of its request. */
export class HandlerTimer {
  readonly #timer: NodeJS.Timeout;
  #expired = false;

  /** @param timeout In milliseconds. */
  constructor(req: ServedRequest, res: ServedResponse, timeout: number) {
    this.#timer = setTimeout(() => {
      if (isAnswered(res)) return;
      this.#expired = true;
      req[kDetails]?.controller?.abort();
      const message = `The handler did not answer within ${timeout} ms.`;
      fail(req, res, new HttpError(503, message, { code: "HANDLER_TIMEOUT" }));
    }, timeout);
  }

  /** False when it has answered already, so that whatever the handler came to is of no use any more. */
  stop(): boolean {
    clearTimeout(this.#timer);
    return !this.#expired;
  }
}
