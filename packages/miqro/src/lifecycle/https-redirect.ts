import { createServer, type IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { loadAllowedHosts } from "../modules.js";

/** How to lead clients to HTTPS. */
export interface RedirectOptions {
  /** The port to listen on. */
  readonly port: number;
  readonly host?: string | undefined;
  /** The port of HTTPS. */
  readonly httpsPort: number;
  /** When given, only these hosts, and local ones, are led on. */
  readonly allowedHosts?: readonly string[] | undefined;
}

/**
 * Starts an HTTP server that answers every request with its address under HTTPS: the same host, path and query.
 * @returns a function that ends it: at once, since no answer takes time
 */
export async function startRedirect(options: RedirectOptions): Promise<() => Promise<void>> {
  const server = createServer((req, res) => {
    // Nothing of it is needed, and a client may send a lot.
    req.resume();
    const { status, location, text } = answerFor(req, options);
    res.writeHead(status, {
      ...(location === undefined ? {} : { Location: location }),
      // No browser remembers this redirect, so that HTTPS can be taken away again.
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

/** Host and path of a request. A target that is a whole address, as proxies get it, goes before `Host`. */
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
