import { kContext } from "../exchange/internal.js";
import type { ServedRequest } from "../exchange/served.js";
import type { Middleware } from "../exchange/types.js";
import { checkOptions } from "../options/check-options.js";
import { kinds } from "../options/kinds.js";
import { parseSize } from "../options/size.js";
import { hasBody, readBody } from "./read-body.js";

/** The options of {@link ReadBuffer}. */
export interface ReadBufferOptions {
  /**
   * The largest body: bytes, or a size such as `"1mb"`. Default `READ_BUFFER_LIMIT` of the environment, else the app's
   * `bodyLimit`.
   */
  readonly limit?: number | string;
}

/** Reads bodies of any type into `req.buffer`, and parses nothing. */
export function ReadBuffer(options: ReadBufferOptions = {}): Middleware {
  checkOptions<ReadBufferOptions>(options, "ReadBuffer", { limit: kinds.size });
  const given = options.limit ?? (process.env.READ_BUFFER_LIMIT || undefined);
  const limit = given === undefined ? undefined : parseSize(given, "The limit of ReadBuffer");
  return function readBuffer(open) {
    const req = open as unknown as ServedRequest;
    if (!hasBody(req)) return undefined;
    return readBody(req, limit ?? req[kContext]?.bodyLimit ?? 0, () => {});
  };
}
