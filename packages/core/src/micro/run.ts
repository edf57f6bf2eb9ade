import type { IncomingMessage, ServerResponse } from "node:http";
import { isThenable } from "../pipeline/outcome.js";
import { send } from "./send.js";
import { sendError } from "./send-error.js";

/**
 * A service: it gets Node's own request and response, and returns the answer or a promise of it. `null` answers 204.
 * `undefined` sends nothing: then the function ends the response itself, now or later.
 */
export type RequestHandler = (req: IncomingMessage, res: ServerResponse) => unknown;

/**
 * Runs a function for a request, and answers with the value that it returns, or the error that it throws.
 *
 * @returns A promise that is fulfilled when the answer has been passed to the response. It never rejects.
 */
export async function run(req: IncomingMessage, res: ServerResponse, fn: RequestHandler): Promise<void> {
  await answer(req, res, fn);
}

/** Does the same as `run`, but makes a promise only if the function returns one. */
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
