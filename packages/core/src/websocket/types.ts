import type { EventEmitter } from "node:events";
import type { Infer, Schema } from "@miqro/parser";
import type { OpenRequest, Request, Session } from "../exchange/types.js";
import type { Relay } from "../relay/types.js";

/**
 * What can be done with the socket of `ws` itself. Described here, so that the types of this package do not need
 * those of another one.
 */
export interface ClientSocket extends EventEmitter {
  /** 0 connecting, 1 open, 2 closing, 3 closed. */
  readonly readyState: number;
  /** Closes in order, with a code and a reason for the client. */
  close(code?: number, reason?: string): void;
  /** Asks for a sign of life; the answer is the event `pong`. */
  ping(): void;
  /** Cuts the connection. */
  terminate(): void;
}

/** A message: a string is sent as text; bytes, in whatever buffer or view, are sent as a binary message. */
export type Payload = string | ArrayBufferView | ArrayBuffer | SharedArrayBuffer;

/** A connected client. */
export interface WebSocketClient {
  /** Its name in `clients`, `writeTo` and `broadcast`. */
  readonly uuid: string;
  /** The socket of `ws` behind it. */
  readonly socket: ClientSocket;
  /** The request that opened the socket. */
  readonly req: Request;
  /** Who it is, where a session handler ran on the upgrade. */
  readonly session: Session | undefined;
  /** Sends a string as text and bytes as a binary message. False when the client is gone, or was dropped for being slow. */
  send(payload: Payload): boolean;
  /** How many bytes wait for it to read. */
  readonly buffered: number;
  /** Resolves to true when all that was sent has left, and to false when the client is gone. Whoever sends much awaits it. */
  drain(): Promise<boolean>;
  /** The rooms that it is in. */
  readonly rooms: ReadonlySet<string>;
  /** Takes it into a room, whose name is any string. */
  join(room: string): void;
  /** Takes it out of a room. */
  leave(room: string): void;
}

/** How messages are compressed. */
export interface DeflateOptions {
  /** The size in bytes from which on a message is compressed. Default 1024. */
  readonly threshold?: number;
}

/** What `onMessage` gets: what the schema of messages says, or text as a string and a binary message as a buffer. */
export type IncomingMessage<Message> = Message extends Schema ? Infer<Message> : string | Buffer;

/** How a WebSocket server serves. */
export interface WebSocketServerOptions<Message extends Schema | undefined = undefined> {
  /** The path of the upgrade, with parameters as in a route. */
  readonly path: string;
  /** Switches it off: its path is not there. Default false. */
  readonly disabled?: boolean;
  /** More clients than this answer 503. Default: no limit. */
  readonly maxConnections?: number;
  /** The size of a message from a client, in bytes. Default 1 MiB. */
  readonly maxPayload?: number;
  /** How many bytes may wait for a slow client before it is dropped. Default 4 MiB. */
  readonly maxBuffered?: number;
  /** Other origins whose pages may connect, such as `https://example.org`. Pages of this server always may. */
  readonly origins?: string | readonly string[];
  /** Lets a client in. False answers 403; an error answers its own status. */
  readonly validate?: (req: OpenRequest) => boolean | Promise<boolean>;
  /** Gets each client when it has connected. */
  readonly onConnection?: (client: WebSocketClient) => unknown;
  /** Gets text as a string, and a binary message as a buffer. */
  readonly onMessage?: (client: WebSocketClient, data: IncomingMessage<Message>) => unknown;
  /**
   * The schema of messages, which are text with JSON then. The answer to one that does not fit is
   * `{ error: { code, message, issues } }`.
   */
  readonly message?: Message;
  /**
   * How many messages of one client `onMessage` works on at once, where it returns promises. The next one waits, and with
   * it the client. Default 16.
   */
  readonly maxPending?: number;
  /** How often a client is asked for a sign of life, in milliseconds; one that gives none is dropped. Default 30,000; 0 for never. */
  readonly heartbeat?: number;
  /** Whether messages are compressed, for clients that take that. Default false. */
  readonly perMessageDeflate?: boolean | DeflateOptions;
  /** Carries broadcasts to the clients of other processes that serve the same path. Default none. */
  readonly relay?: Relay;
  /** Gets each client that has gone, with the code and reason that it closed with. */
  readonly onDisconnect?: (client: WebSocketClient, code: number, reason: string) => unknown;
  /** Gets what went wrong on a socket, and what the other functions threw. Default: a line in the log. */
  readonly onError?: (error: Error, client: WebSocketClient) => unknown;
}

/** Whom a broadcast reaches. */
export interface BroadcastOptions {
  /** Only the clients in this room. */
  readonly room?: string;
  /** The uuid of a client that does not get it. */
  readonly except?: string;
}
