import { subscribe } from "node:diagnostics_channel";
import type { Server as HttpServer, ServerResponse } from "node:http";
import { Server, type Socket } from "node:net";

/**
 * Ends the listening servers of a process that knows nothing of draining, without losing a request. The
 * servers and their connections are learned from Node.js' diagnostics channels, so it must be made before the
 * script listens.
 */
export class ServerDrain {
  /** Each listening server with its open connections. */
  readonly #servers = new Map<Server, Set<Socket>>();
  #lastReusable = 0;

  constructor() {
    // Published when `listen` has bound its address.
    subscribe("tracing:net.server.listen:asyncEnd", (message) => {
      const { server } = message as { server?: unknown };
      if (server instanceof Server && !this.#servers.has(server)) this.#track(server);
    });
  }

  /**
   * Stops accepting, ends keep-alive connections with their next answer, and closes those that stay silent
   * for `idle` milliseconds. Resolves when no connection is left.
   */
  async run(idle: number): Promise<void> {
    subscribe("http.server.request.start", (message) => {
      const { response } = message as { response: ServerResponse };
      if (!response.headersSent) response.setHeader("Connection", "close");
    });
    subscribe("http.server.response.finish", (message) => {
      const { response } = message as { response: ServerResponse };
      // An answer begun before the drain left its connection open, and the client may be using it again.
      if (response.getHeader("connection") !== "close") this.#lastReusable = performance.now();
    });
    const closed = [...this.#servers.keys()].map((server) => stopAccepting(server));
    const timer = this.#closeSilent(idle);
    await Promise.all(closed);
    timer.stop();
  }

  #track(server: Server): void {
    const sockets = new Set<Socket>();
    this.#servers.set(server, sockets);
    server.on("connection", (socket: Socket) => {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    });
    server.once("close", () => this.#servers.delete(server));
  }

  #closeSilent(idle: number): { stop: () => void } {
    const sweep = () => {
      const wait = this.#lastReusable + idle - performance.now();
      if (wait <= 0) {
        for (const [server, sockets] of this.#servers) closeIdle(server, sockets);
      }
      timer = setTimeout(sweep, Math.max(wait, 50));
    };
    let timer = setTimeout(sweep, idle);
    return { stop: () => clearTimeout(timer) };
  }
}

function stopAccepting(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.once("close", resolve);
    // The `close` of an HTTP server would also cut idle connections at once, and with them requests that
    // are already on the wire.
    if (server.listening) Server.prototype.close.call(server);
  });
}

function closeIdle(server: Server, sockets: ReadonlySet<Socket>): void {
  const { closeIdleConnections } = server as Partial<HttpServer>;
  if (closeIdleConnections === undefined) return;
  closeIdleConnections.call(server);
  // Node.js does not count a connection as idle before its first request.
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
}
