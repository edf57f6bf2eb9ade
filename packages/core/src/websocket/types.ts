import type { EventEmitter } from "node:events";
import type { Infer, Schema } from "@miqro/parser";
import type { OpenRequest, Request, Session } from "../exchange/types.js";
import type { Relay } from "../relay/types.js";

/**
 * The methods of the socket of `ws` that may be used. They are described here, so that the types of this package do not
 * need the types of another package.
 */
export interface ClientSocket extends EventEmitter {
  /** 0 connecting, 1 open, 2 closing, 3 closed. */
  readonly readyState: number;
  /** The chosen subprotocol, or an empty string. */
  readonly protocol: string;
  /** Closes in order, with a code and a reason for the client. */
  close(code?: number, reason?: string): void;
  /** Sends a ping. The answer is the event `pong`. */
  ping(): void;
  /** Cuts the connection. */
  terminate(): void;
}

/** A message: a string is sent as text, and bytes in any buffer or view are sent as a binary message. */
export type Payload = string | ArrayBufferView | ArrayBuffer | SharedArrayBuffer;

/** A connected client. */
export interface WebSocketClient {
  /** The id of the client in `clients`, `writeTo` and `broadcast`. */
  readonly uuid: string;
  /** The socket of `ws`. */
  readonly socket: ClientSocket;
  /** The request that opened the socket. */
  readonly req: Request;
  /** The session, if a session handler ran for the upgrade. */
  readonly session: Session | undefined;
  /**
   * Sends a string as text, and bytes as a binary message. Returns false if the client is gone, or was dropped because
   * it is too slow.
   */
  send(payload: Payload): boolean;
  /** The number of bytes that wait for the client. */
  readonly buffered: number;
  /**
   * Resolves to true when all sent messages have left, and to false when the client is gone. Await it if you send much.
   */
  drain(): Promise<boolean>;
  /** The rooms of the client. */
  readonly rooms: ReadonlySet<string>;
  /** Adds the client to a room. The name can be any string. */
  join(room: string): void;
  /** Removes the client from a room. */
  leave(room: string): void;
}

/** The options of the compression of messages. */
export interface DeflateOptions {
  /** The size in bytes from which a message is compressed. Default 1024. */
  readonly threshold?: number;
}

/**
 * The argument of `onMessage`: the value that the schema of messages describes. Without a schema, text is a string, and
 * a binary message is a buffer.
 */
export type IncomingMessage<Message> = Message extends Schema ? Infer<Message> : string | Buffer;

/** The options of a WebSocket server. */
export interface WebSocketServerOptions<Message extends Schema | undefined = undefined> {
  /** The path of the upgrade, with parameters as in a route. */
  readonly path: string;
  /** Whether the path is removed. Default false. */
  readonly disabled?: boolean;
  /** The largest number of clients. More clients get 503. Default: no limit. */
  readonly maxConnections?: number;
  /** The largest size of a message from a client, in bytes. Default 1 MiB. */
  readonly maxPayload?: number;
  /** The largest number of bytes that may wait for a slow client. Then the client is dropped. Default 4 MiB. */
  readonly maxBuffered?: number;
  /** Other origins whose pages may connect, such as `https://example.org`. Pages of this server may always connect. */
  readonly origins?: string | readonly string[];
  /**
   * The subprotocols of the server, the best first. The first one that a client offers is chosen. Default: the first
   * subprotocol of the client that does not look like a token.
   */
  readonly protocols?: readonly string[];
  /** Decides whether a client may connect. False answers 403, and an error answers its own status. */
  readonly validate?: (req: OpenRequest) => boolean | Promise<boolean>;
  /** Is called when a client has connected. */
  readonly onConnection?: (client: WebSocketClient) => unknown;
  /** Is called for each message. Text is a string, and a binary message is a buffer. */
  readonly onMessage?: (client: WebSocketClient, data: IncomingMessage<Message>) => unknown;
  /**
   * The schema of messages. Messages are then JSON in text. The answer to a message that does not fit is `{ error: {
   * code, message, issues } }`.
   */
  readonly message?: Message;
  /**
   * The number of messages of one client that `onMessage` works on at the same time, if it returns promises. Later
   * messages wait, and the client with them. Default 16.
   */
  readonly maxPending?: number;
  /**
   * The time between two pings of a client, in milliseconds. A client that does not answer is dropped. Default 30,000;
   * 0 for never.
   */
  readonly heartbeat?: number;
  /** Whether messages are compressed, for clients that support it. Default false. */
  readonly perMessageDeflate?: boolean | DeflateOptions;
  /** Carries broadcasts to the clients of other processes that serve the same path. Default none. */
  readonly relay?: Relay;
  /** Is called when a client has gone, with the code and the reason of the close. */
  readonly onDisconnect?: (client: WebSocketClient, code: number, reason: string) => unknown;
  /** Gets errors of a socket, and errors that the other functions threw. Default: a line in the log. */
  readonly onError?: (error: Error, client: WebSocketClient) => unknown;
}

/** The receivers of a broadcast. */
export interface BroadcastOptions {
  /** Sends only to the clients in this room. */
  readonly room?: string;
  /** The uuid of a client that does not get the message. */
  readonly except?: string;
}
