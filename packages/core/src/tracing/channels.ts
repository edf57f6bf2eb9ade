import type { TracingChannel } from "node:diagnostics_channel";
import type { Request, Response } from "../exchange/types.js";

/**
 * A request, from its head until its answer has left or its client has gone. Subscribers get the same object for all
 * events of the request, and may store their own data in it.
 */
export interface RequestTrace {
  readonly req: Request;
  readonly res: Response;
  /** The method, as it was sent. */
  readonly method: string;
  /** The pattern of the route that answered; `undefined` if the path has no route. Known at `asyncEnd`. */
  route: string | undefined;
  /** The status of the answer; `undefined` if the client left before its head. Known at `asyncEnd`. */
  status: number | undefined;
  /** The last error that was answered, if any. */
  error: unknown;
  /** A subscriber of `start` may set it to a function that calls `serve` in a context of its own. */
  around: ((serve: () => void) => void) | undefined;
}

/** One middleware or handler that runs. */
export interface StepTrace {
  readonly req: Request;
  readonly res: Response;
  /** `handler` for a function whose result is the answer, `middleware` for any other step. */
  readonly kind: "middleware" | "handler";
  /** The name of the function; empty if it has none. */
  readonly name: string;
  /** The pattern of the route. */
  readonly route: string | undefined;
  /** The error that the step threw. */
  error: unknown;
  /** At `end`: whether it returned a promise, so that `asyncEnd` follows. */
  isPending: boolean;
}

/** A message of a WebSocket client, while `onMessage` works on it. */
export interface MessageTrace {
  readonly req: Request;
  /** The uuid of the client. */
  readonly uuid: string;
  /** The path of the server, as a pattern. */
  readonly route: string;
  /** The size of the message. */
  readonly bytes: number;
  /** The error that `onMessage` threw. */
  error: unknown;
  /** At `end`: whether it returned a promise, so that `asyncEnd` follows. */
  isPending: boolean;
}

const { tracingChannel } = process.getBuiltinModule("node:diagnostics_channel");

export const requestChannel: TracingChannel<RequestTrace, RequestTrace> = tracingChannel("miqro:request");
export const stepChannel: TracingChannel<StepTrace, StepTrace> = tracingChannel("miqro:step");
export const messageChannel: TracingChannel<MessageTrace, MessageTrace> =
  tracingChannel("miqro:websocket.message");
