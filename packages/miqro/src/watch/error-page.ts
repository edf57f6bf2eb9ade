import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { HTMLEncode } from "@miqro/jsx-node";
import { whyHostRefused } from "../composition/allowed-hosts.js";
import { toPort, toURL } from "../lifecycle/address.js";
import type { MiqroOptions } from "../lifecycle/miqro-options.js";
import { loadOnUse } from "../load-on-use.js";
import type { HotReload } from "./hot-reload.js";
import { isFailureReport } from "./messages.js";

/** Loaded if the server serves HTTPS. */
const loadCertificate = loadOnUse<typeof import("../lifecycle/certificate.js")>(
  import.meta.url,
  "../lifecycle/certificate.js",
);

/** A server that answers every request with the error that keeps the app from starting. */
export interface ErrorPage {
  readonly url: string;
  /** Shows the lines of a newer error, if the message contains any. */
  show(message: unknown): void;
  close(): Promise<void>;
}

/** Listens on the port of the app, so that the browser shows the same error as the terminal. */
export async function startErrorPage(
  options: MiqroOptions,
  title: string,
  lines: readonly string[],
  hotReload?: HotReload,
): Promise<ErrorPage> {
  let shown = lines;
  const { https: isHTTPS } = options;
  const listener = (req: IncomingMessage, res: ServerResponse): void => {
    if (hotReload?.answer(req, res, options.allowedHosts ?? []) === true) return;
    const refused = whyHostRefused(req.headers.host, options.allowedHosts ?? []);
    const html = refused === undefined && req.headers.accept?.includes("text/html") === true;
    res.writeHead(refused === undefined ? 500 : 403, {
      "Cache-Control": "no-store",
      "Content-Type": html ? "text/html; charset=utf-8" : "text/plain; charset=utf-8",
      "X-Content-Type-Options": "nosniff",
    });
    res.end(html ? toHTML(title, shown, hotReload?.tag) : `${refused ?? [title, ...shown].join("\n")}\n`);
  };
  const server =
    isHTTPS === true
      ? createSecureServer(loadCertificate().readCertificate(options), listener)
      : createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port: toPort(options.port, "The port", isHTTPS), host: options.host }, resolve);
  });
  return {
    url: toURL(server.address() as AddressInfo, isHTTPS),
    show(newer) {
      if (isFailureReport(newer)) shown = newer.failure;
    },
    close: () => {
      server.closeIdleConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function toHTML(title: string, lines: readonly string[], script: string = ""): string {
  const items = lines.map((line) => `<li><code>${HTMLEncode(line)}</code></li>`).join("");
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">${script}<title>${HTMLEncode(title)}</title>
<style>body{font:1rem/1.5 system-ui;max-width:50rem;margin:3rem auto;padding:0 1rem;color-scheme:light dark}
h1{font-size:1.3rem}li{margin:.75rem 0}code{white-space:pre-wrap;overflow-wrap:anywhere}</style></head>
<body><h1>${HTMLEncode(title)}</h1><ul>${items}</ul><p>${script === "" ? "Mend it and reload this page." : "Mend it: this page reloads by itself."}</p></body></html>`;
}
