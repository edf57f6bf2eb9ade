import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { RequestTimeoutError, withoutStack } from "../errors.js";
import { runInContext } from "../exchange/async-context.js";
import { kAbortBody, kContinue, kSink } from "../exchange/internal.js";
import { countSent } from "../exchange/sent-bytes.js";
import type { ServedResponse } from "../exchange/served.js";
import { fail } from "../pipeline/answer-error.js";
import { isAnswered } from "../reply/answer.js";

interface Connection {
  readonly socket: Socket;
  /** The last request on this connection. */
  current: ServedResponse | undefined;
  /** Whether the next answer ends the connection. */
  isLast: boolean;
  /** The bytes received and sent when the current period of `stallTimeout` began. */
  receivedBefore: number;
  sentBefore: number;
  since: number;
  /** While the server closes: the bytes received, and the time of the last byte. */
  received: number;
  quietSince: number;
}

/** The minimum speed of a request body, in bytes per second. */
const slowestBody = 240;

const kConnection: unique symbol = Symbol("miqro.connection");

interface TrackedSocket extends Socket {
  [kConnection]?: Connection;
}

/**
 * Watches the connections of a server. It ends a connection that makes no progress although the client must send bytes,
 * or does not read the answer. It closes all connections in order when the server closes. One timer serves all
 * connections, and a request costs one assignment.
 */
export class Connections {
  readonly #stallTimeout: number;
  readonly #open = new Set<Connection>();
  // Only under HTTPS: the raw sockets, both those under a connection in `#open` and those whose TLS handshake is not
  // finished.
  readonly #raw = new Set<Connection>();
  readonly #sweep: NodeJS.Timeout;
  #closing = false;
  #onEmpty: (() => void) | undefined;

  /** @param stallTimeout The longest time that a connection may make no progress, in milliseconds. */
  constructor(server: Server, isSecure: boolean, stallTimeout: number) {
    this.#stallTimeout = stallTimeout;
    server.on(isSecure ? "secureConnection" : "connection", (socket: Socket) => {
      this.#track(socket, this.#open);
    });
    if (isSecure) server.on("connection", (socket: Socket) => this.#track(socket, this.#raw));
    this.#sweep = setInterval(() => this.#cutStalled(), Math.max(50, Math.min(5000, stallTimeout / 4)));
    this.#sweep.unref();
  }

  /**
   * Records a new request. It returns false if the answer before it is the last of the connection. The client of that
   * answer learns that no later request has run (RFC 9112 9.6).
   */
  note(res: ServedResponse): boolean {
    const connection = (res.req.socket as TrackedSocket)[kConnection];
    if (connection !== undefined) {
      const { current } = connection;
      if (current !== undefined && isLastAnswer(current)) {
        // From now on, this request must be the last one of its connection.
        current.req[kContinue] = undefined;
        return false;
      }
      connection.current = res;
    }
    if (this.#closing || connection?.isLast) res.shouldKeepAlive = false;
    return true;
  }

  /** Returns the last request on a socket, until its answer has released the socket. */
  pending(socket: Duplex): ServedResponse | undefined {
    const current = (socket as TrackedSocket)[kConnection]?.current;
    if (current === undefined) return undefined;
    return current.writableFinished && current.socket === null ? undefined : current;
  }

  /** Makes the next answer on a connection the last one. */
  closeAfterAnswer(socket: Duplex): void {
    const connection = (socket as TrackedSocket)[kConnection];
    if (connection !== undefined) connection.isLast = true;
  }

  /** From now on, each answer is the last one of its connection, unless its head has left. */
  startClosing(): void {
    this.#closing = true;
    for (const { current } of this.#open) {
      if (current !== undefined && !current.headersSent) current.shouldKeepAlive = false;
    }
  }

  /**
   * Lets requests finish and closes idle connections. Resolves when no connection is left.
   *
   * @param drainIdle The time that idle connections stay open, in milliseconds, because a request may be on its way. A
   * connection has all of this time after it was accepted, after its last byte, and after its last answer.
   * @param timeout Every connection is cut after this time, in milliseconds.
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
        // If this process had to wait for a CPU, the client may have had to wait too. This time does not count as the
        // client's silence.
        const lost = Math.max(0, now - lastLook - 2 * step);
        lastLook = now;
        for (const connection of [...this.#open, ...this.#raw]) connection.quietSince += lost;
        const isLate = now - start >= timeout;
        // The raw sockets with an unfinished handshake can be identified only when no other sockets are left.
        for (const connection of this.#open.size > 0 && !isLate
          ? this.#open
          : [...this.#open, ...this.#raw]) {
          if (isLate || isIdleFor(connection, drainIdle, now))
            cutAnswer(connection.current, connection.socket);
        }
        // Timers run before sockets are read. Without the wait for both, a connection could be reset although its
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
    // A socket whose upgrade is ignored arrives twice.
    if (socket[kConnection] !== undefined) return;
    const connection: Connection = {
      socket,
      current: undefined,
      isLast: false,
      receivedBefore: 0,
      sentBefore: 0,
      since: performance.now(),
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

  // A client may read slowly, as long as it reads something. A body must arrive faster. Otherwise a client could hold a
  // connection for ever with a few bytes from time to time.
  #moves({ socket, receivedBefore, sentBefore }: Connection, sent: number): boolean {
    if (sent !== sentBefore) return true;
    const least = socket.writableLength > 0 ? 1 : Math.max(1, (slowestBody * this.#stallTimeout) / 1000);
    return socket.bytesRead - receivedBefore >= least;
  }

  #cutStalled(): void {
    const now = performance.now();
    for (const connection of this.#open) {
      const { socket, current } = connection;
      const sent = countSent(socket);
      const isOver = current === undefined || !isOwed(current, socket);
      if (isOver || (!isLeftOver(current) && !socket.writableEnded && this.#moves(connection, sent))) {
        connection.receivedBefore = socket.bytesRead;
        connection.sentBefore = sent;
        connection.since = now;
      } else if (now - connection.since >= this.#stallTimeout) {
        connection.since = now;
        cut(current, socket);
      }
    }
  }
}

// Whether an answer is the last of its connection, by the package or by a header.
function isLastAnswer(res: ServedResponse & { readonly _last?: boolean }): boolean {
  return !res.shouldKeepAlive || (res.headersSent && res._last === true);
}

// After the answer, nobody needs the rest of a body, so its bytes do not count as progress.
function isLeftOver(res: ServedResponse | undefined): boolean {
  return res?.writableFinished === true && !res.req.complete;
}

// The client must act in two cases: it sends a body that something reads or that nobody needs any more, or it does not
// read the answer. When this side of the connection is closed, the client must close its own side.
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
  if (res.headersSent || isAnswered(res)) cutAnswer(res, socket);
  else if (req[kAbortBody] !== undefined)
    req[kAbortBody].abort(withoutStack(() => new RequestTimeoutError()));
  else
    runInContext(req, () =>
      fail(
        req,
        res,
        withoutStack(() => new RequestTimeoutError()),
      ),
    );
}

// If there is a response, the response cuts the connection, because it knows whether the client could take a part of
// the answer for the whole answer.
function cutAnswer(res: ServedResponse | undefined, socket: Socket): void {
  if (res !== undefined && res.socket === socket) res.destroy();
  socket.destroy();
}

// An answer of 101 is over, but the WebSocket server closes the connection.
function isOpen({ writableFinished, statusCode }: ServedResponse): boolean {
  return !writableFinished || statusCode === 101;
}

// Called repeatedly while the server closes. A connection with new bytes since the last call is not idle.
function isIdleFor(connection: Connection, time: number, now: number): boolean {
  const { socket, current, received } = connection;
  if (socket.bytesRead !== received || (current !== undefined && isOpen(current))) {
    connection.received = socket.bytesRead;
    connection.quietSince = now;
    return false;
  }
  return now - connection.quietSince >= time;
}
