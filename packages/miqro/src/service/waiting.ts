import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

const waiting = new Set<string>();

/** The time after which slow work of an app is reported, in milliseconds. */
export const patience = 10_000;

/**
 * Runs code of the app, and records it while it runs. Without this, a promise that never settles would end the process,
 * or delay its start, without any message.
 * @param what - the beginning of a sentence, such as `loading app/db.ts`
 */
export async function waitFor<T>(what: string, work: () => T): Promise<Awaited<T>> {
  waiting.add(what);
  const timer = setTimeout(async () => {
    const { Logger } = await import("@miqro/core");
    const shown = what.replaceAll(`${process.cwd()}/`, "");
    new Logger("MIQRO").warn("%s has not finished after %d seconds.", shown, patience / 1000);
  }, patience);
  timer.unref();
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    waiting.delete(what);
  }
}

/** The current waits, the latest last. */
export function waitingFor(): readonly string[] {
  return [...waiting];
}

/** A request whose answer has not begun. */
export interface SlowRequest {
  readonly method: string;
  readonly path: string;
}

interface HTTPExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly socket: Socket;
}

/** The requests on a port that are being answered. */
export interface RequestWatch {
  /** Resolves when the current requests have been answered, or their clients have gone. */
  answered(): Promise<void>;
  /** Ends the observation. */
  end(): void;
}

/**
 * Calls back with each request on a port whose answer has not begun after ten seconds. A request costs one entry in a
 * map: the function uses events of Node.js, and wraps nothing.
 */
export function watchRequests(port: number, onSlow: (request: SlowRequest) => void): RequestWatch {
  const begun = new Map<ServerResponse, { readonly at: number; readonly request: IncomingMessage }>();
  const told = new WeakSet<ServerResponse>();
  const onStart = (message: unknown): void => {
    const { request, response, socket } = message as HTTPExchange;
    // Requests of other servers in this process are ignored.
    if (socket.localPort === port) begun.set(response, { at: performance.now(), request });
  };
  const onFinish = (message: unknown): void => {
    begun.delete((message as HTTPExchange).response);
  };
  const timer = setInterval(() => {
    const late = performance.now() - patience;
    for (const [response, { at, request }] of begun) {
      if (response.destroyed || request.socket.destroyed) begun.delete(response);
      else if (at <= late && !response.headersSent && !told.has(response)) {
        told.add(response);
        const { method = "GET", url = "/" } = request;
        onSlow({ method, path: url.replace(/[?#].*$/, "") });
      }
    }
  }, 1000).unref();
  subscribe("http.server.request.start", onStart);
  subscribe("http.server.response.finish", onFinish);
  return {
    async answered() {
      const open = [...begun.keys()].filter((response) => !response.destroyed && !response.writableFinished);
      await Promise.all(open.map((response) => new Promise((resolve) => response.once("close", resolve))));
    },
    end() {
      clearInterval(timer);
      unsubscribe("http.server.request.start", onStart);
      unsubscribe("http.server.response.finish", onFinish);
    },
  };
}
