import type { IncomingMessage } from "node:http";

/** Whether a request comes from a page of this server itself, or from something that is not a browser. */
export function isSameOrigin(req: IncomingMessage, extra: readonly string[] = []): boolean {
  const { origin } = req.headers;
  if (origin === undefined) {
    const site = req.headers["sec-fetch-site"];
    return site === undefined || site === "same-origin" || site === "none";
  }
  if (extra.includes(origin)) return true;
  // The scheme is left out: behind a proxy that ends TLS the server does not know it.
  const match = /^https?:\/\/(.+)$/.exec(origin);
  const { host } = req.headers;
  return match !== null && match[1] === host?.toLowerCase();
}
