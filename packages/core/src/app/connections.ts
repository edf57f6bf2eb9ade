import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { RequestTimeoutError } from "../errors.js";
import { kAbortBody, kSink } from "../exchange/internal.js";
import type { ServedResponse } from "../exchange/served.js";
import { fail } from "../pipeline/answer-error.js";
import { isAnswered } from "../reply/answer.js";

interface Connection {
  readonly socket: Socket;
  /** The last request that came in on it. */
  current: ServedResponse | undefined;
  /** Whether the next answer ends it. */
  isLast: boolean;
  progress: number;
  since: number;
  /** While the server closes: what had come in, and since when nothing has. */
  received: number;
  quietSince: number;
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
  // Under HTTPS, what lies below the open ones, and what has not become one yet.
  readonly #raw = new Set<Connection>();
  readonly #sweep: NodeJS.Timeout;
  #closing = false;
  #onEmpty: (() => void) | undefined;

  /** @param stallTimeout How long a connection may make no progress, in milliseconds. */
  constructor(server: Server, isSecure: boolean, stallTimeout: number) {
    this.#stallTimeout = stallTimeout;
    server.on(isSecure ? "secureConnection" : "connection", (socket: Socket) => {
      this.#track(socket, this.#open);
    });
    if (isSecure) server.on("connection", (socket: Socket) => this.#track(socket, this.#raw));
    this.#sweep = setInterval(() => this.#cutStalled(), Math.max(50, Math.min(5000, stallTimeout / 4)));
    this.#sweep.unref();
  }

  /** Notes the request that came in. */
  note(res: ServedResponse): void {
    const connection = (res.req.socket as TrackedSocket)[kConnection];
    if (connection !== undefined) connection.current = res;
    if (this.#closing || connection?.isLast) res.shouldKeepAlive = false;
  }

  /** The last request that came in on a socket, until its answer has let go of that. */
  pending(socket: Duplex): ServedResponse | undefined {
    const current = (socket as TrackedSocket)[kConnection]?.current;
    if (current === undefined) return undefined;
    return current.writableFinished && current.socket === null ? undefined : current;
  }

  /** Has the next answer on a connection be its last. */
  closeAfterAnswer(socket: Duplex): void {
    const connection = (socket as TrackedSocket)[kConnection];
    if (connection !== undefined) connection.isLast = true;
  }

  /** From now on each answer is the last one of its connection, unless its head has left. */
  startClosing(): void {
    this.#closing = true;
    for (const { current } of this.#open) {
      if (current !== undefined && !current.headersSent) current.shouldKeepAlive = false;
    }
  }

  /**
   * Lets requests finish and closes what is idle; resolves when no connection is left.
   *
   * @param drainIdle How long idle connections stay open, since a request may be on its way, in milliseconds. A
   * connection has all of this time from when it was accepted, from its last byte, and from its last answer.
   * @param timeout After which everything is cut, in milliseconds.
   */
  async close(drainIdle: number, timeout: number): Promise<void> {
    this.startClosing();
    const start = performance.now();
    for (const connection of [...this.#open, ...this.#raw]) {
      connection.received = connection.socket.bytesRead;
      connection.quietSince = start;
    }
    const step = Math.min(50, drainIdle || 50);
    let lastLook = start;
    let isDone = false;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
      const look = (): void => {
        if (isDone) return;
        const now = performance.now();
        // Time in which this process had to wait for a CPU is not the client's silence: it may have to wait as well.
        const lost = Math.max(0, now - lastLook - 2 * step);
        lastLook = now;
        for (const connection of [...this.#open, ...this.#raw]) connection.quietSince += lost;
        const isLate = now - start >= timeout;
        // Nothing tells which of the raw ones is still shaking hands, until only those are left.
        for (const connection of this.#open.size > 0 && !isLate
          ? this.#open
          : [...this.#open, ...this.#raw]) {
          if (isLate || isIdleFor(connection, drainIdle, now)) connection.socket.destroy();
        }
        // Timers come before sockets are read: without the wait for these, a connection could be reset although its
        // request has arrived.
        timer = setTimeout(() => setImmediate(look), Math.max(1, Math.min(step, start + timeout - now)));
      };
      look();
      this.#settle();
    });
    isDone = true;
    clearTimeout(timer);
    clearInterval(this.#sweep);
  }

  #track(socket: TrackedSocket, among: Set<Connection>): void {
    // A socket whose upgrade is ignored comes twice.
    if (socket[kConnection] !== undefined) return;
    const connection: Connection = {
      socket,
      current: undefined,
      isLast: false,
      progress: 0,
      since: Date.now(),
      received: 0,
      quietSince: performance.now(),
    };
    if (among === this.#open) socket[kConnection] = connection;
    among.add(connection);
    socket.once("close", () => {
      among.delete(connection);
      this.#settle();
    });
  }

  #settle(): void {
    if (this.#open.size === 0 && this.#raw.size === 0) this.#onEmpty?.();
  }

  #cutStalled(): void {
    const now = Date.now();
    for (const connection of this.#open) {
      const { socket, current } = connection;
      const progress = socket.bytesRead + socket.bytesWritten - socket.writableLength;
      const moves = progress !== connection.progress && !isLeftOver(current) && !socket.writableEnded;
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

// Bytes are owed when the client sends a body that someone reads, or that nobody needs any more, or does not read; and
// when this side is closed, the end of the other.
function isOwed(res: ServedResponse, socket: Socket): boolean {
  if (socket.writableLength > 0 || socket.writableEnded) return true;
  const { req } = res;
  if (req.complete) return false;
  return (
    res.writableEnded ||
    req[kSink] !== undefined ||
    (req.readableLength === 0 && (req.readableFlowing === true || req.listenerCount("readable") > 0))
  );
}

function cut(res: ServedResponse, socket: Socket): void {
  const { req } = res;
  if (res.headersSent || isAnswered(res)) socket.destroy();
  else if (req[kAbortBody] !== undefined) req[kAbortBody].abort(new RequestTimeoutError());
  else fail(req, res, new RequestTimeoutError());
}

// Looked at every now and then while the server closes: what moved since the last time is not idle.
function isIdleFor(connection: Connection, time: number, now: number): boolean {
  const { socket, current, received } = connection;
  if (socket.bytesRead !== received || (current !== undefined && !current.writableFinished)) {
    connection.received = socket.bytesRead;
    connection.quietSince = now;
    return false;
  }
  return now - connection.quietSince >= time;
}
