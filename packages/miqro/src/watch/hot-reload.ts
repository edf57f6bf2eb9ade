import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { extname } from "node:path";
import type { App } from "@miqro/core";
import { observeApp } from "@miqro/core/observe";
import { type FileWatcher, watchFiles } from "@miqro/runner/watch";
import { onMessage } from "@miqro/runner/worker";
import { whyHostRefused } from "../composition/allowed-hosts.js";
import { clientScript } from "./hot-reload-client.js";
import { createScriptInjector, injectScript } from "./inject-script.js";
import { isFailureReport } from "./messages.js";

/** The paths of the script and of its events. The paths of client modules have a hash after `/_miqro/`. */
const paths = { script: "/_miqro/hot-reload.js", events: "/_miqro/hot-reload" } as const;

/**
 * Makes pages reload when another version of the app serves, and when a file changes that is answered from the disk. A
 * changed style sheet replaces the old one without a reload.
 */
export class HotReload {
  // A page of an older version reloads. A page that was sent before a change on the disk reloads, or replaces its style
  // sheet.
  readonly #version: string = randomUUID();
  readonly #changes = { page: 0, style: 0 };
  readonly #streams = new Set<ServerResponse>();
  #failure: readonly string[] = [];
  #watcher: FileWatcher | undefined;

  constructor() {
    onMessage((message) => {
      if (!isFailureReport(message)) return;
      this.#failure = message.failure;
      this.#send("failure", JSON.stringify(message.failure));
    });
  }

  /** Adds the script to pages, and serves the paths of the script. */
  extend(app: App, folders: readonly string[]): void {
    observeApp(app, (head, res) => {
      const type = String(res.getHeader("content-type") ?? "");
      if (!type.startsWith("text/html") || head.status === 206 || !head.hasBody) return;
      if (head.whole === undefined) head.pipeThrough(createScriptInjector(this.tag));
      else head.replace(injectScript(head.whole, this.tag));
    });
    app.use((req, res) => {
      // The script can only be added to a page that is not compressed.
      delete req.headers["accept-encoding"];
      this.answer(req, res);
    });
    this.#watch(folders);
  }

  /** The HTML that loads the script. */
  get tag(): string {
    return `<script src="${paths.script}" data-state="${this.#state}"></script>`;
  }

  /**
   * Answers requests for the script and its events. It uses the objects of Node.js, because the error page has no app.
   * @param allowedHosts - the allowed values of `Host`; absent if they are already checked
   * @returns whether the request was for one of these paths
   */
  answer(req: IncomingMessage, res: ServerResponse, allowedHosts?: readonly string[]): boolean {
    const path = req.url?.replace(/\?.*/s, "");
    if (path !== paths.script && path !== paths.events) return false;
    const refused =
      (allowedHosts === undefined ? undefined : whyHostRefused(req.headers.host, allowedHosts)) ??
      (isForeign(req.headers) ? "Pages of other sites must not read this." : undefined);
    const headers = { "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" };
    if (refused !== undefined || req.method !== "GET") {
      const status = refused === undefined ? 405 : 403;
      res.writeHead(status, { ...headers, "Content-Type": "text/plain; charset=utf-8" });
      res.end(`${refused ?? "Only GET is answered here."}\n`);
    } else if (path === paths.script) {
      res.writeHead(200, {
        ...headers,
        "Content-Type": "text/javascript; charset=utf-8",
        "Cross-Origin-Resource-Policy": "same-origin",
      });
      res.end(clientScript(paths.events));
    } else {
      res.writeHead(200, { ...headers, "Content-Type": "text/event-stream; charset=utf-8" });
      this.#streams.add(res);
      res.once("close", () => this.#streams.delete(res));
      // Makes the browser reconnect soon, to the next version.
      res.write(`retry: 100\n${toEvent("state", this.#state)}`);
      if (this.#failure.length > 0) res.write(toEvent("failure", JSON.stringify(this.#failure)));
    }
    return true;
  }

  /** Ends the event streams. Their pages reconnect to the next version. */
  close(): void {
    this.#watcher?.close();
    for (const stream of this.#streams) stream.end();
  }

  #watch(folders: readonly string[]): void {
    if (folders.length === 0) return;
    this.#watcher?.close();
    this.#watcher = watchFiles({
      folders,
      debounce: 20,
      onChange: (changed) => {
        const kinds = new Set(changed.map((path) => extname(path)));
        // A change of a running file makes a new version.
        const shown = [...kinds].filter((kind) => !/^$|^\.(?:[mc]?[jt]sx?|md|bundle|map|json)$/.test(kind));
        if (shown.length === 0) return;
        this.#changes[shown.every((kind) => kind === ".css") ? "style" : "page"]++;
        this.#send("state", this.#state);
      },
      onError: () => {},
    });
  }

  get #state(): string {
    return `${this.#version}_${this.#changes.page}_${this.#changes.style}`;
  }

  #send(event: string, data: string): void {
    for (const stream of this.#streams) stream.write(toEvent(event, data));
  }
}

/**
 * Whether the request comes from a page of another site. Browsers send `Sec-Fetch-Site`, and older browsers only
 * `Origin`.
 */
function isForeign(headers: IncomingHttpHeaders): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return site !== "same-origin" && site !== "none";
  const { origin } = headers;
  return typeof origin === "string" && origin.replace(/^https?:\/\//, "") !== headers.host;
}

function toEvent(name: string, data: string): string {
  return `event: ${name}\ndata: ${data}\n\n`;
}
