import { ForbiddenError } from "../errors.js";
import { kContext, kSegments } from "../exchange/internal.js";
import { isSafe, isSameOrigin, parseOrigins } from "../exchange/origin.js";
import type { ServedRequest } from "../exchange/served.js";
import type { Middleware, Request } from "../exchange/types.js";
import { Faults } from "../options/check-options.js";
import { kinds, type OptionKinds } from "../options/kinds.js";
import { createPathFilter } from "../routing/path-filter.js";

/** Whose requests may change something. */
export interface CSRFOptions {
  /** Other origins whose pages may send, such as `https://shop.example`. Default none. */
  readonly origins?: string | readonly string[] | undefined;
  /** Only below these paths, as patterns of routes. Default everywhere. */
  readonly path?: string | readonly string[] | undefined;
  /** Not below these paths, as patterns of routes: those that other servers call. */
  readonly exclude?: string | readonly string[] | undefined;
}

const csrfKinds: OptionKinds<CSRFOptions> = { origins: kinds.texts, path: kinds.texts, exclude: kinds.texts };

/**
 * Refuses requests that change something and come from a page of another origin, by what browsers say of themselves:
 * `Sec-Fetch-Site`, else `Origin`. Requests with GET, HEAD and OPTIONS, and those of programs that are no browsers, pass.
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
