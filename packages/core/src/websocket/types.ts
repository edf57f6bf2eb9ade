import type { EventEmitter } from "node:events";
import type { OpenRequest, Request, Session } from "../exchange/types.js";

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
  send(payload: string | Uint8Array): boolean;
}

/** How a WebSocket server serves. */
export interface WebSocketServerOptions {
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
  /** Other origins whose pages may connect, such as `https://example.org`. Those of this server always may. */
  readonly origins?: string | readonly string[];
  /** Lets a client in. False answers 403; an error answers its own status. */
  readonly validate?: (req: OpenRequest) => boolean | Promise<boolean>;
  /** Gets each client when it has connected. */
  readonly onConnection?: (client: WebSocketClient) => unknown;
  /** Gets text as a string, and a binary message as a buffer. */
  readonly onMessage?: (client: WebSocketClient, data: string | Buffer) => unknown;
  /** Gets each client that has gone, with the code and reason that it closed with. */
  readonly onDisconnect?: (client: WebSocketClient, code: number, reason: string) => unknown;
  /** Gets what went wrong on a socket, and what the other functions threw. Default: a line in the log. */
  readonly onError?: (error: Error, client: WebSocketClient) => unknown;
}

/** Whom a broadcast leaves out. */
export interface BroadcastOptions {
  /** The uuid of a client that does not get it. */
  readonly except?: string;
}
