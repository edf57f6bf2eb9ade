import type { ReplyHeaders } from "../exchange/types.js";

/** A status with a body, as {@link reply} makes it. */
export class Reply {
  /** The status of the answer. */
  readonly status: number;
  /** Any value that a handler can return. */
  readonly body: unknown;
  /** Headers beside those that the body brings. */
  readonly headers: ReplyHeaders | undefined;

  constructor(status: number, body: unknown, headers: ReplyHeaders | undefined) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** A reply that is thrown: it is sent as it is, and is no error. */
export class ThrownReply extends Reply {}

/**
 * Makes a value that a handler returns to answer with a status. A plain object with a `status` is data, never this.
 *
 * @param status 200 to 599.
 * @param body Any value that a handler can return; absent or `null` sends no body.
 */
export function reply(status: number, body?: unknown, headers?: ReplyHeaders): Reply {
  return new Reply(status, body, headers);
}
