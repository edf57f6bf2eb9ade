import type { IncomingMessage, ServerResponse } from "node:http";
import { isThenable } from "../pipeline/outcome.js";
import { send } from "./send.js";
import { sendError } from "./send-error.js";

/**
 * A service: gets Node's own request and response, and returns what is to be sent, or a promise of it. `null` answers
 * 204. `undefined` sends nothing: then the function ends the response itself, now or later.
 */
export type RequestHandler = (req: IncomingMessage, res: ServerResponse) => unknown;

/**
 * Runs a function for a request, and answers with what it returns or throws.
 *
 * @returns A promise that is resolved when the answer has been handed over. It is never rejected.
 */
export async function run(req: IncomingMessage, res: ServerResponse, fn: RequestHandler): Promise<void> {
  await answer(req, res, fn);
}

/** Does the same, and makes a promise only where the function does. */
export function answer(
  req: IncomingMessage,
  res: ServerResponse,
  fn: RequestHandler,
): PromiseLike<void> | undefined {
  try {
    const value = fn(req, res);
    if (isThenable(value)) {
      return value.then(
        (settled) => sendResult(req, res, settled),
        (error) => sendError(req, res, error),
      );
    }
    sendResult(req, res, value);
  } catch (error) {
    sendError(req, res, error);
  }
  return undefined;
}

function sendResult(req: IncomingMessage, res: ServerResponse, value: unknown): void {
  if (value === undefined) return;
  try {
    if (value === null) send(res, 204);
    else send(res, res.statusCode || 200, value);
  } catch (error) {
    sendError(req, res, error);
  }
}
