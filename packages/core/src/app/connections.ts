import type { Server } from "node:http";
import type { Socket } from "node:net";
import { RequestTimeoutError } from "../errors.js";
import { kAbortBody } from "../http/internal.js";
import type { ServedResponse } from "../http/served.js";
import { isAnswered } from "../http/write-reply.js";
import { fail } from "../pipeline/fail.js";

interface Connection {
  readonly socket: Socket;
  /** The last request that came in on it. */
  current: ServedResponse | undefined;
  progress: number;
  since: number;
}

const kConnection: unique symbol = Symbol("miqro.connection");

interface TrackedSocket extends Socket {
  [kConnection]?: Connection;
}

/**
 * Watches the connections of a server: ends those that make no progress although the client owes bytes or does not
 * read, and closes all of them in order when the server closes. One timer for all; a request costs one assignment.
 */
export class Connections {
  readonly #stallTimeout: number;
  readonly #open = new Set<Connection>();
  readonly #sweep: NodeJS.Timeout;
  #closing = false;

  /** @param stallTimeout How long a connection may make no progress, in milliseconds. */
  constructor(server: Server, event: "connection" | "secureConnection", stallTimeout: number) {
    this.#stallTimeout = stallTimeout;
    server.on(event, (socket: Socket) => this.#track(socket));
    this.#sweep = setInterval(() => this.#cutStalled(), Math.max(50, Math.min(5000, stallTimeout / 4)));
    this.#sweep.unref();
  }

  /** Notes the request that came in. */
  note(res: ServedResponse): void {
    const connection = (res.req.socket as TrackedSocket)[kConnection];
    if (connection !== undefined) connection.current = res;
    if (this.#closing) res.shouldKeepAlive = false;
  }

  /**
   * Lets requests finish and closes what is idle; resolves when no connection is left.
   *
   * @param drainIdle How long idle connections stay open, since a request may be on its way, in milliseconds.
   * @param timeout After which everything is cut, in milliseconds.
   */
  async close(drainIdle: number, timeout: number): Promise<void> {
    this.#closing = true;
    for (const { current } of this.#open) {
      if (current !== undefined && !current.headersSent) current.shouldKeepAlive = false;
    }
    const start = Date.now();
    await new Promise<void>((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const look = (): void => {
        const age = Date.now() - start;
        for (const connection of this.#open) {
          if (age >= timeout || (age >= drainIdle && isIdle(connection))) connection.socket.destroy();
        }
        if (this.#open.size === 0) resolve();
        else
          timer = setTimeout(look, Math.max(1, Math.min(50, (age < drainIdle ? drainIdle : timeout) - age)));
      };
      look();
      void timer;
    });
    clearInterval(this.#sweep);
  }

  #track(socket: TrackedSocket): void {
    // An upgrade that is ignored gives its connection to the server once more.
    if (socket[kConnection] !== undefined) return;
    const connection: Connection = { socket, current: undefined, progress: 0, since: Date.now() };
    socket[kConnection] = connection;
    this.#open.add(connection);
    socket.once("close", () => this.#open.delete(connection));
  }

  #cutStalled(): void {
    const now = Date.now();
    for (const connection of this.#open) {
      const { socket, current } = connection;
      const progress = socket.bytesRead + socket.bytesWritten - socket.writableLength;
      const moves = progress !== connection.progress && !isLeftOver(current);
      if (moves || current === undefined || !isOwed(current, socket)) {
        connection.progress = progress;
        connection.since = now;
      } else if (now - connection.since >= this.#stallTimeout) {
        connection.since = now;
        cut(current, socket);
      }
    }
  }
}

// Nobody needs the rest of a body after the answer, so that it comes does not count.
function isLeftOver(res: ServedResponse | undefined): boolean {
  return res?.writableFinished === true && !res.req.complete;
}

// Bytes are owed when the client sends a body that someone reads, or that nobody needs any more, or does not read.
function isOwed(res: ServedResponse, socket: Socket): boolean {
  if (socket.writableLength > 0) return true;
  const { req } = res;
  if (req.complete) return false;
  return (
    res.writableEnded ||
    (req.readableLength === 0 && (req.readableFlowing === true || req.listenerCount("readable") > 0))
  );
}

function cut(res: ServedResponse, socket: Socket): void {
  const { req } = res;
  if (res.headersSent || isAnswered(res)) socket.destroy();
  else if (req[kAbortBody] !== undefined) req[kAbortBody].abort(new RequestTimeoutError());
  else fail(req, res, new RequestTimeoutError());
}

function isIdle({ current }: Connection): boolean {
  return current === undefined || current.writableFinished;
}
