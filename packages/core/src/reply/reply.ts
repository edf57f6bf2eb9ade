import type { ReplyHeaders } from "../exchange/types.js";

/** A status with a body. {@link reply} makes it. */
export class Reply {
  /** The status of the answer. */
  readonly status: number;
  /** Any value that a handler can return. */
  readonly body: unknown;
  /** Headers of the answer, in addition to the headers of the body. */
  readonly headers: ReplyHeaders | undefined;

  constructor(status: number, body: unknown, headers: ReplyHeaders | undefined) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** A reply that is thrown. It is sent as it is, and is not an error. */
export class ThrownReply extends Reply {}

/**
 * Makes a return value that answers with a status. A plain object with a field `status` is only data.
 *
 * @param status 200 to 599.
 * @param body Any value that a handler can return; absent or `null` sends no body.
 */
export function reply(status: number, body?: unknown, headers?: ReplyHeaders): Reply {
  return new Reply(status, body, headers);
}
