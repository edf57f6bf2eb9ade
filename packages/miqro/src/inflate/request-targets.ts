import { tracingChannel } from "node:diagnostics_channel";
import { statSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import type { App, RequestTrace } from "@miqro/core";
import type { Server } from "../req-server/server.js";
import { waitFor } from "../service/waiting.js";
import type { Answered, Target } from "./target.js";

const html = { status: 200, contentType: "text/html; charset=utf-8", location: undefined, error: undefined };

/** Files above this number of bytes are copied, and not read into memory. */
const largeFile = 1024 * 1024;

/** Requests the paths of a site from an app, as a browser without a session does. */
export class SiteRequests {
  /** True during a request of inflate itself, about which the log of the app must say nothing. */
  isMuted = false;
  readonly #app: App;
  readonly #server: Server;
  readonly #headers: Readonly<Record<string, string>>;
  /** The exceptions of handlers. The key is the URL of the request. */
  readonly #errors = new Map<string, unknown>();
  readonly #channel = tracingChannel<"miqro:request", RequestTrace>("miqro:request");

  /** @param host - the host of the requests, which pages can read */
  constructor(app: App, server: Server, host: string) {
    this.#app = app;
    this.#server = server;
    this.#headers = { host, accept: "text/html,application/xhtml+xml,*/*;q=0.8" };
    this.#channel.error.subscribe(this.#onError);
  }

  close(): void {
    this.#channel.error.unsubscribe(this.#onError);
  }

  // A running server in this process also has requests.
  readonly #onError = (message: unknown): void => {
    const { req, error } = message as RequestTrace;
    if (req.server === this.#server) this.#errors.set(req.url, error);
  };

  /** Records the error of a request whose answer does not show it. */
  noteError(url: string, error: unknown): void {
    this.#errors.set(url, error);
  }

  async ask(target: Target): Promise<Answered> {
    const { path: url, disk, document } = target;
    const isLarge = disk !== undefined && (statSync(disk, { throwIfNoEntry: false })?.size ?? 0) > largeFile;
    const request = { url, headers: this.#headers, ...(isLarge ? { method: "HEAD" } : {}) };
    try {
      if (document !== undefined) return { ...html, target, body: Buffer.from(await document()) };
      const { status, headers, body } = await waitFor(`GET ${url}`, () => this.#app.inject(request));
      const [contentType = "application/octet-stream"] = [headers["content-type"] ?? []].flat();
      const [location] = [headers.location ?? []].flat();
      // The error of a request is reported when its response is closed.
      if (status >= 400) await setImmediate();
      const error = this.#errors.get(url);
      return { target, status, contentType, location, body: isLarge ? undefined : body, error };
    } catch (error) {
      // The answer ended early.
      const cause = this.#errors.get(url) ?? error;
      return { target, status: 500, contentType: "", location: undefined, body: undefined, error: cause };
    }
  }

  /** Requests a path that the site does not have. Nobody asked for it, so no line of the log tells about it. */
  async askMuted(target: Target): Promise<Answered> {
    this.isMuted = true;
    try {
      const answered = await this.ask(target);
      // The app writes its line about an answer when the response is closed.
      await setImmediate();
      return answered;
    } finally {
      this.isMuted = false;
    }
  }

  /** Requests many paths, a few at a time. */
  async askAll(
    targets: readonly Target[],
    parallel: number,
    onAnswer: (answered: Answered) => void | Promise<void>,
  ): Promise<void> {
    const rest = targets[Symbol.iterator]();
    const work = async (): Promise<void> => {
      for (const target of rest) await onAnswer(await this.ask(target));
    };
    await Promise.all(Array.from({ length: Math.min(parallel, targets.length) }, work));
  }
}
