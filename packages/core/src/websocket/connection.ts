import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { countSent } from "../exchange/sent-bytes.js";
import type { ServedRequest } from "../exchange/served.js";
import type { Session } from "../exchange/types.js";
import { loadCrypto } from "../platform/builtins.js";
import type { OutgoingMessage } from "./frame.js";
import type { Payload, WebSocketClient } from "./types.js";

/**
 * Collects the bytes that are written to a connection within one turn. The first frame leaves at once. Later frames of
 * the same turn leave together, because each system call costs more than a frame.
 */
export class WriteTurns {
  /** The number of the current turn. */
  present = 1;
  #isScheduled = false;
  #corked: Duplex[] = [];

  /** Notes that bytes were written in the current turn. */
  enter(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    process.nextTick(() => this.#end());
  }

  /** Holds back written bytes until the turn is over. */
  hold(stream: Duplex): void {
    stream.cork();
    this.#corked.push(stream);
  }

  #end(): void {
    this.#isScheduled = false;
    this.present++;
    const corked = this.#corked;
    if (corked.length === 0) return;
    this.#corked = [];
    for (const stream of corked) stream.uncork();
  }
}

/** The parts of a server that connections need. */
export interface ConnectionHost {
  /** The limit in bytes. */
  readonly maxBuffered: number;
  readonly turns: WriteTurns;
  createMessage(payload: Payload): OutgoingMessage;
  join(connection: Connection, room: string): void;
  leave(connection: Connection, room: string): void;
}

const noRooms: ReadonlySet<string> = new Set();

/** A connected client, as the server sees it. */
export class Connection implements WebSocketClient {
  readonly uuid: string = loadCrypto().randomUUID();
  readonly socket: WebSocket;
  readonly req: ServedRequest;
  readonly session: Session | undefined;
  /** The rooms of the client. The set is made with the first room. */
  ownRooms: Set<string> | undefined = undefined;
  /** Whether the client has answered since the last ping. */
  isAlive = true;
  /** The number of messages that `onMessage` works on. */
  pending = 0;
  /** Messages that arrived while `onMessage` worked on too many. */
  queue: (string | Buffer)[] | undefined = undefined;
  // The turn in which the client was last written to, and the turn in which its bytes are held back.
  #writtenIn = 0;
  #heldIn = 0;
  // The bytes received and sent at the last ping.
  #received = 0;
  #sent = 0;
  readonly #stream: Socket;
  readonly #host: ConnectionHost;
  readonly #takesCompressed: boolean;

  constructor(
    socket: WebSocket,
    req: ServedRequest,
    stream: Socket,
    host: ConnectionHost,
    takesCompressed: boolean,
  ) {
    this.socket = socket;
    this.req = req;
    this.session = req.session;
    this.#stream = stream;
    this.#received = stream.bytesRead;
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
      // An empty write after the rest leaves when the rest has left.
      this.#stream.write("", settle);
    });
  }

  join(room: string): void {
    this.#host.join(this, room);
  }

  leave(room: string): void {
    this.#host.leave(this, room);
  }

  /**
   * Whether bytes have moved since the last call, although no answer to a ping could come: the client sends a large
   * message, or the ping waits behind what the client reads.
   */
  takeProgress(): boolean {
    const { bytesRead, writableLength } = this.#stream;
    const sent = countSent(this.#stream);
    const moves = bytesRead !== this.#received || (writableLength > 0 && sent !== this.#sent);
    this.#received = bytesRead;
    this.#sent = sent;
    return moves;
  }

  /** Passes a message to the system. Returns false if the client is gone, or if it is too slow and is dropped. */
  write(message: OutgoingMessage): boolean {
    return this.writeFrame(this.#takesCompressed ? message.compressed : message.plain);
  }

  writeFrame(frame: Buffer): boolean {
    const { socket } = this;
    if (socket.readyState !== socket.OPEN) return false;
    if (this.#stream.writableLength > this.#host.maxBuffered) {
      this.req.logger.warn(
        "The WebSocket client %s reads too slowly, and its connection is closed.",
        this.uuid,
      );
      socket.terminate();
      return false;
    }
    const { turns } = this.#host;
    if (this.#writtenIn !== turns.present) {
      this.#writtenIn = turns.present;
      turns.enter();
    } else if (this.#heldIn !== turns.present) {
      this.#heldIn = turns.present;
      turns.hold(this.#stream);
    }
    this.#stream.write(frame);
    return true;
  }
}
