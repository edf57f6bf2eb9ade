import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import type { Request, Response } from "../exchange/types.js";

/** The page where those who asked can sign in, as the session handler that the request passed says. */
const pages = new WeakMap<ServedRequest, string>();

/** Notes where a request without a session is sent, by this session handler and by policies after it. */
export function noteSignIn(req: Request, page: string): void {
  pages.set(req as ServedRequest, page);
}

/**
 * Sends a person who reads a page to the one where to sign in, which finds the address that was asked as `next`. Programs,
 * and requests that change something, are not sent anywhere: they get 401.
 * @returns whether it did
 */
export function sendToSignIn(given: Request, res: Response): boolean {
  const req = given as ServedRequest;
  const page = pages.get(req);
  if (page === undefined || (req.method !== "GET" && req.method !== "HEAD")) return false;
  res.addVaryHeader("Accept");
  const [path = ""] = page.split(/[?#]/);
  if (req.accepts("json", "html") !== "html" || req.path === path) return false;
  const next = encodeURIComponent(req.url);
  (res as ServedResponse).redirect(`${page}${page.includes("?") ? "&" : "?"}next=${next}`, undefined, 303);
  return true;
}
