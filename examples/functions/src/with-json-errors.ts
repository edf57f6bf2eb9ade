import { HttpError, type RequestHandler, send } from "@miqro/core/micro";

/** A function around a function is all the middleware that there is: this one answers errors as JSON. */
export function withJSONErrors(fn: RequestHandler): RequestHandler {
  return async (req, res) => {
    try {
      return await fn(req, res);
    } catch (error) {
      // Any other error is none that a client should read: it is logged, and answered with 500.
      if (!(error instanceof HttpError) || error.statusCode === undefined) throw error;
      send(res, error.statusCode, { error: error.message });
      return undefined;
    }
  };
}
