import { subscribe } from "node:diagnostics_channel";
import { Server as HTTPServer, type ServerResponse } from "node:http";
import type { Http2Session } from "node:http2";
import { Server as HTTPSServer } from "node:https";
import { Server, type Socket } from "node:net";
import { Server as TLSServer } from "node:tls";

/**
 * The properties of a connection that `node:http` sets: its parser (none after an upgrade) and the response in
 * progress.
 */
interface HTTPSocket extends Socket {
  parser?: object | null;
  _httpMessage?: ServerResponse | null;
}

interface Connection {
  readonly socket: HTTPSocket;
  /** While the process drains: the bytes received so far, and since when the connection has been idle. */
  received: number;
  quietSince: number;
}

interface TrackedServer {
  readonly server: Server;
  readonly connections: Set<Connection>;
  /** The sessions of HTTP/2. */
  readonly sessions: Set<Http2Session>;
  /**
   * Only under TLS: the raw connections, both those under a connection in `connections` and those whose TLS handshake
   * is not finished.
   */
  readonly raw: Set<Connection>;
  readonly closed: Promise<void>;
}

// The time between checks of the connections, in milliseconds.
const step = 50;
/** The largest number of a stream. */
const anyStream = 2 ** 31 - 1;

/**
 * Ends the listening servers of a process that does not drain by itself, without losing a request. It finds the servers
 * and their connections through the diagnostics channels of Node.js, so it must be made before the script listens.
 */
export class ServerDrain {
  readonly #servers = new Map<Server, TrackedServer>();
  /** While the process drains: the time for which idle connections stay open. */
  #idle: number | undefined;

  constructor() {
    // Published when `listen` has bound its address.
    subscribe("tracing:net.server.listen:asyncEnd", (message) => {
      const { server } = message as { server?: unknown };
      if (server instanceof Server && !this.#servers.has(server)) this.#track(server);
    });
  }

  /** Whether the script listens, or listened until it was asked to end. */
  get hasServers(): boolean {
    return this.#servers.size > 0;
  }

  /**
   * Stops accepting, ends keep-alive connections with their next response, and closes each connection that stays silent
   * for `idle` milliseconds. A session of HTTP/2 serves the requests that arrive within `idle`, and ends with its last
   * response. Resolves when no connection is left.
   *
   * @param patience milliseconds after which it resolves in any case. If it is set, the drain does not wait for
   * upgraded connections, because the script is about to end them itself.
   */
  async run(idle: number, patience?: number): Promise<void> {
    subscribe("http.server.request.start", (message) => {
      endWith((message as { response: ServerResponse }).response);
    });
    const start = performance.now();
    this.#idle = idle;
    for (const tracked of this.#servers.values()) {
      for (const session of tracked.sessions) endSession(session, idle);
      for (const connection of [...tracked.connections, ...tracked.raw]) {
        connection.received = connection.socket.bytesRead;
        connection.quietSince = start;
        const { _httpMessage: response } = connection.socket;
        if (response) endWith(response);
      }
      stopAccepting(tracked);
    }
    while (!this.#isDone(patience !== undefined)) {
      if (patience !== undefined && performance.now() - start >= patience) return;
      const before = performance.now();
      await nextLook(Math.max(1, Math.min(step, idle)));
      // If this process had to wait for a CPU, this time does not count as silence of the client, because the client
      // may have had to wait too.
      this.#closeIdle(idle, Math.max(0, performance.now() - before - 2 * step));
    }
  }

  #track(server: Server): void {
    const isSecure = server instanceof TLSServer;
    const tracked: TrackedServer = {
      server,
      connections: new Set(),
      sessions: new Set(),
      raw: new Set(),
      closed: new Promise((resolve) => server.once("close", resolve)),
    };
    this.#servers.set(server, tracked);
    const follow = (among: Set<Connection>) => (socket: HTTPSocket) => {
      // A socket whose upgrade is ignored can be reported twice.
      for (const known of among) if (known.socket === socket) return;
      const connection = { socket, received: 0, quietSince: performance.now() };
      among.add(connection);
      socket.once("close", () => among.delete(connection));
    };
    server.on("connection", follow(isSecure ? tracked.raw : tracked.connections));
    if (isSecure) server.on("secureConnection", follow(tracked.connections));
    server.on("session", (session: Http2Session) => {
      tracked.sessions.add(session);
      session.once("close", () => tracked.sessions.delete(session));
      if (this.#idle !== undefined) endSession(session, this.#idle);
    });
    server.once("close", () => this.#servers.delete(server));
  }

  #isDone(upgradedMayStay: boolean): boolean {
    for (const { server, connections } of this.#servers.values()) {
      if (!upgradedMayStay || !(server instanceof HTTPServer || server instanceof HTTPSServer)) return false;
      for (const { socket } of connections) if (!isUpgraded(socket)) return false;
    }
    return true;
  }

  #closeIdle(idle: number, lost: number): void {
    const now = performance.now();
    for (const { connections, raw } of this.#servers.values()) {
      for (const connection of [...connections, ...raw]) connection.quietSince += lost;
      for (const connection of connections) {
        if (connection.socket.parser && isIdleFor(connection, idle, now)) connection.socket.destroy();
      }
      // The raw connections with an unfinished handshake can be identified only when no others are left.
      if (connections.size > 0) continue;
      for (const connection of raw) if (isIdleFor(connection, idle, now)) connection.socket.destroy();
    }
  }
}

function endWith(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader("Connection", "close");
}

/**
 * Asks a client of HTTP/2 to open no more streams, as RFC 9113 6.8 describes: requests that are on their way are still
 * served. A session that is closed at once would drop them.
 */
function endSession(session: Http2Session, idle: number): void {
  if (session.closed || session.destroyed) return;
  session.goaway(0, anyStream);
  // Timers run before the sockets are read, see `nextLook`.
  const timer = setTimeout(() => setImmediate(() => session.close()), idle);
  session.once("close", () => clearTimeout(timer));
}

/**
 * Resolves after `time` milliseconds, when the data that had arrived until then has been read. A timer alone would fire
 * before the sockets are read. If the process had to wait for a CPU, it would then find unread requests and reset their
 * connections.
 */
function nextLook(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(() => setImmediate(resolve), time));
}

function stopAccepting({ server, closed }: TrackedServer): void {
  if (!server.listening) return;
  // The `close` of an HTTP server would also cut idle connections at once, and lose requests that are already on their
  // way. If a script calls it to clean up, its callback is called when the connections have ended, as usual.
  server.close = (callback) => {
    if (callback !== undefined) void closed.then(() => callback());
    return server;
  };
  Server.prototype.close.call(server);
}

function isUpgraded(socket: HTTPSocket): boolean {
  return socket.parser === null;
}

function isIdleFor(connection: Connection, time: number, now: number): boolean {
  const { socket, received } = connection;
  if (socket.bytesRead !== received || socket._httpMessage) {
    connection.received = socket.bytesRead;
    connection.quietSince = now;
    return false;
  }
  return now - connection.quietSince >= time;
}
