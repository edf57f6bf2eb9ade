import { kTarget } from "../exchange/internal.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import type { Request, Response } from "../exchange/types.js";

/** The page for signing in, from the session handler that the request passed. */
const pages = new WeakMap<ServedRequest, string>();

/** Sets the page for requests without a session. This session handler and later policies redirect to it. */
export function noteSignIn(req: Request, page: string): void {
  pages.set(req as ServedRequest, page);
}

/**
 * Redirects a person who reads a page to the page for signing in. That page gets the requested address as `next`.
 * Programs, and requests that change something, are not redirected: they get 401.
 * @returns True if it has redirected.
 */
export function sendToSignIn(given: Request, res: Response): boolean {
  const req = given as ServedRequest;
  const page = pages.get(req);
  if (page === undefined || (req.method !== "GET" && req.method !== "HEAD")) return false;
  res.addVaryHeader("Accept");
  const [path = ""] = page.split(/[?#]/);
  if (req.accepts("json", "html") !== "html" || req.path === path) return false;
  const next = encodeURIComponent(toOwnPath(req));
  (res as ServedResponse).redirect(`${page}${page.includes("?") ? "&" : "?"}next=${next}`, undefined, 303);
  return true;
}

/**
 * Returns the requested path and query. It begins with exactly one slash: for a browser, `//evil.example` and a whole URL
 * lead to another server, although this server takes them for paths of its own.
 */
function toOwnPath(req: ServedRequest): string {
  const { start } = req[kTarget];
  return req.url.slice(start).replace(/^[/\\]*/, "/");
}
