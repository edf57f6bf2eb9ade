import { ForbiddenError } from "../errors.js";
import { kContext, kSegments } from "../exchange/internal.js";
import { isSafe, isSameOrigin, parseOrigins } from "../exchange/origin.js";
import type { ServedRequest } from "../exchange/served.js";
import type { Middleware, Request } from "../exchange/types.js";
import { Faults } from "../options/check-options.js";
import { kinds, type OptionKinds } from "../options/kinds.js";
import { createPathFilter } from "../routing/path-filter.js";

/** The options of `CSRF`. */
export interface CSRFOptions {
  /** Other origins whose pages may send requests, such as `https://shop.example`. Default none. */
  readonly origins?: string | readonly string[] | undefined;
  /** Guards only these patterns of routes and the paths below them. Default everywhere. */
  readonly path?: string | readonly string[] | undefined;
  /** Does not guard these patterns of routes and the paths below them: for example routes that other servers call. */
  readonly exclude?: string | readonly string[] | undefined;
}

const csrfKinds: OptionKinds<CSRFOptions> = { origins: kinds.texts, path: kinds.texts, exclude: kinds.texts };

/**
 * Refuses requests that change something and come from a page of another origin. It uses `Sec-Fetch-Site` of browsers,
 * else `Origin`. Requests with GET, HEAD and OPTIONS pass, and so do requests of programs that are not browsers.
 */
export function CSRF(options: CSRFOptions = {}): Middleware {
  const what = "`CSRF`";
  const faults = new Faults();
  if (!faults.check<CSRFOptions>(options, what, csrfKinds)) faults.throw(what);
  const origins = faults.attempt("origins", () => parseOrigins(options.origins)) ?? [];
  const applies = createPathFilter([options], what, faults);
  faults.throw(what);
  return function csrf(given: Request): void {
    const req = given as ServedRequest;
    if (isSafe(req.method) || isSameOrigin(req, origins)) return;
    if (!applies(req[kSegments], req[kContext]?.caseSensitive === false)) return;
    throw new ForbiddenError("A request that changes something must come from a page of this server.");
  };
}
