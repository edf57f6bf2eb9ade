import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { ServedRequest } from "../exchange/served.js";
import type { Session } from "../exchange/types.js";
import { loadCrypto } from "../platform/builtins.js";
import type { OutgoingMessage } from "./frame.js";
import type { Payload, WebSocketClient } from "./types.js";

/** What connections need of their server. */
export interface ConnectionHost {
  /** In bytes. */
  readonly maxBuffered: number;
  createMessage(payload: Payload): OutgoingMessage;
  join(connection: Connection, room: string): void;
  leave(connection: Connection, room: string): void;
}

const noRooms: ReadonlySet<string> = new Set();

/** A connected client, as its server sees it. */
export class Connection implements WebSocketClient {
  readonly uuid: string = loadCrypto().randomUUID();
  readonly socket: WebSocket;
  readonly req: ServedRequest;
  readonly session: Session | undefined;
  /** The rooms that it is in; made with the first. */
  ownRooms: Set<string> | undefined = undefined;
  /** Whether it gave a sign of life since the last ping. */
  isAlive = true;
  /** How many of its messages are being worked on. */
  pending = 0;
  /** Messages that came while too many were worked on. */
  queue: (string | Buffer)[] | undefined = undefined;
  readonly #stream: Duplex;
  readonly #host: ConnectionHost;
  readonly #takesCompressed: boolean;

  constructor(
    socket: WebSocket,
    req: ServedRequest,
    stream: Duplex,
    host: ConnectionHost,
    takesCompressed: boolean,
  ) {
    this.socket = socket;
    this.req = req;
    this.session = req.session;
    this.#stream = stream;
    this.#host = host;
    this.#takesCompressed = takesCompressed;
  }

  get rooms(): ReadonlySet<string> {
    return this.ownRooms ?? noRooms;
  }

  get buffered(): number {
    return this.#stream.writableLength;
  }

  send(payload: Payload): boolean {
    return this.write(this.#host.createMessage(payload));
  }

  drain(): Promise<boolean> {
    const { socket } = this;
    const isOpen = (): boolean => socket.readyState === socket.OPEN;
    if (!isOpen() || this.#stream.writableLength === 0) return Promise.resolve(isOpen());
    return new Promise((resolve) => {
      const settle = (): void => {
        socket.off("close", settle);
        resolve(isOpen());
      };
      socket.on("close", settle);
      // What is written behind the rest leaves when the rest has left.
      this.#stream.write("", settle);
    });
  }

  join(room: string): void {
    this.#host.join(this, room);
  }

  leave(room: string): void {
    this.#host.leave(this, room);
  }

  /** Hands a message to the system. False when the client is gone, or too slow, and then it is dropped. */
  write(message: OutgoingMessage): boolean {
    return this.writeFrame(this.#takesCompressed ? message.compressed : message.plain);
  }

  writeFrame(frame: Buffer): boolean {
    const { socket } = this;
    if (socket.readyState !== socket.OPEN) return false;
    if (this.#stream.writableLength > this.#host.maxBuffered) {
      this.req.logger.warn("The WebSocket client %s reads too slowly and is dropped.", this.uuid);
      socket.terminate();
      return false;
    }
    this.#stream.write(frame);
    return true;
  }
}
