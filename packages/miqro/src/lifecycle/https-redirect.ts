import { createServer, type IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { loadOnUse } from "../load-on-use.js";

/** Loaded if the server does not answer every `Host`. */
const loadAllowedHosts = loadOnUse<typeof import("../composition/allowed-hosts.js")>(
  import.meta.url,
  "../composition/allowed-hosts.js",
);

/** The options of the redirect to HTTPS. */
export interface RedirectOptions {
  /** The port to listen on. */
  readonly port: number;
  readonly host?: string | undefined;
  /** The port of HTTPS. */
  readonly httpsPort: number;
  /** If set, only requests for these hosts and for local hosts are redirected. */
  readonly allowedHosts?: readonly string[] | undefined;
}

/**
 * Starts an HTTP server that redirects every request to its URL under HTTPS, with the same host, path and query.
 * @returns a function that ends it at once, since no answer takes time
 */
export async function startRedirect(options: RedirectOptions): Promise<() => Promise<void>> {
  const server = createServer((req, res) => {
    // The body of the request is not needed, and a client may send a large one.
    req.resume();
    const { status, location, text } = answerFor(req, options);
    res.writeHead(status, {
      ...(location === undefined ? {} : { Location: location }),
      // Browsers do not store this redirect, so HTTPS can be turned off again.
      "Cache-Control": "no-store",
      "Content-Type": "text/plain; charset=utf-8",
      "Content-Length": Buffer.byteLength(text),
      Connection: "close",
    });
    res.end(req.method === "HEAD" ? "" : text);
  });
  await new Promise<void>((resolve, reject) => {
    // The port of the server itself has another flag.
    server.once("error", (error) => reject(Object.assign(error, { flag: "--https-redirect" })));
    server.listen(
      { port: options.port, ...(options.host === undefined ? {} : { host: options.host }) },
      resolve,
    );
  });
  server.on("error", () => {});
  return () => {
    server.closeIdleConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
}

interface Answer {
  readonly status: number;
  readonly location?: string;
  readonly text: string;
}

function answerFor(req: IncomingMessage, { httpsPort, allowedHosts }: RedirectOptions): Answer {
  const target = targetOf(req);
  if (target === undefined) return { status: 400, text: "The request has no valid host.\n" };
  const refused =
    allowedHosts === undefined ? undefined : loadAllowedHosts().whyHostRefused(target.host, allowedHosts);
  if (refused !== undefined) return { status: 403, text: `${refused}\n` };
  const port = httpsPort === 443 ? "" : `:${httpsPort}`;
  const location = `https://${target.host}${port}${target.path}`;
  return { status: 308, location, text: `${location}\n` };
}

/**
 * The host and the path of a request. If the request target is a whole URL, as for a proxy, its host wins over `Host`.
 */
function targetOf({ url = "", headers }: IncomingMessage): { host: string; path: string } | undefined {
  const [, authority, path] = /^https?:\/\/([^/?#]*)(.*)$/i.exec(url) ?? [undefined, headers.host ?? "", url];
  const host = (authority ?? "").replace(/:\d*$/, "");
  if (!isHost(host)) return undefined;
  if (path === "" || path?.startsWith("?")) return { host, path: `/${path}` };
  return path?.startsWith("/") ? { host, path } : undefined;
}

function isHost(host: string): boolean {
  if (host.startsWith("[")) return host.endsWith("]") && isIP(host.slice(1, -1)) === 6;
  return (
    host.length <= 253 &&
    /^[a-z\d_](?:[a-z\d_-]*[a-z\d_])?(?:\.[a-z\d_](?:[a-z\d_-]*[a-z\d_])?)*\.?$/i.test(host)
  );
}
