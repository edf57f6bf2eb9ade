import type { Duplex } from "node:stream";
import type { WebSocket, WebSocketServer as WSServer } from "ws";
import { ArgumentError, BadRequestError, ForbiddenError, HttpError } from "../errors.js";
import { upgradeHeads } from "../exchange/internal.js";
import { isSameOrigin } from "../exchange/origin.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import { checkOptions } from "../options/check-options.js";
import { kinds, type OptionKinds } from "../options/kinds.js";
import { isThenable } from "../pipeline/outcome.js";
import { loadCrypto } from "../platform/builtins.js";
import { seize } from "../reply/answer.js";
import { parsePattern } from "../routing/pattern.js";
import type { BroadcastOptions, WebSocketClient, WebSocketServerOptions } from "./types.js";

const closeTimeout = 1000;

interface Client extends WebSocketClient {
  /** Hands a finished frame to the system. */
  write(frame: Buffer): boolean;
}

const serverKinds: OptionKinds<WebSocketServerOptions> = {
  // Checked by the pattern that it has to be.
  path: kinds.any,
  disabled: kinds.flag,
  maxConnections: kinds.count,
  maxPayload: kinds.count,
  maxBuffered: kinds.count,
  origins: kinds.texts,
  validate: kinds.call,
  onConnection: kinds.call,
  onMessage: kinds.call,
  onDisconnect: kinds.call,
  onError: kinds.call,
};

/** The clients of one path. Register it with `router.webSocket(server)`. */
export class WebSocketServer {
  /** The path of the upgrade. */
  readonly path: string;
  /** Whether its path is not there. */
  readonly disabled: boolean;
  readonly #options: WebSocketServerOptions;
  readonly #origins: readonly string[];
  readonly #clients = new Map<string, Client>();
  #handshakes: Promise<WSServer> | undefined;
  // Loaded with the first client.
  #createFrame: (payload: string | Uint8Array) => Buffer = () => Buffer.alloc(0);
  // Clients whose upgrade is still being checked, so that many at once cannot pass the limit together.
  #pending = 0;
  #disposed = false;

  constructor(options: WebSocketServerOptions) {
    checkOptions<WebSocketServerOptions>(options, "A WebSocket server", serverKinds, (faults) => {
      faults.attempt("path", () => {
        if (typeof options.path === "string" && options.path.startsWith("/")) parsePattern(options.path);
        else {
          throw new ArgumentError(
            'A WebSocket server needs a `path` that begins with a slash, such as "/updates".',
          );
        }
      });
    });
    this.path = options.path;
    this.disabled = options.disabled ?? false;
    this.#options = options;
    this.#origins = options.origins === undefined ? [] : [options.origins].flat();
  }

  /** The connected clients by uuid. */
  get clients(): ReadonlyMap<string, WebSocketClient> {
    return this.#clients;
  }

  /** Whether a client is connected. */
  isConnected(uuid: string): boolean {
    return this.#clients.has(uuid);
  }

  /** Sends a message to one client. Resolves to false when it is gone. */
  async writeTo(uuid: string, payload: string | Uint8Array): Promise<boolean> {
    return this.#clients.get(uuid)?.send(payload) ?? false;
  }

  /**
   * Sends a message to all clients. It is framed once; who is too slow is dropped. Resolves when it is on its way.
   *
   * @param except The uuid of a client that does not get it.
   */
  async broadcast(payload: string | Uint8Array, except?: string | BroadcastOptions): Promise<void> {
    const skipped = typeof except === "string" ? except : except?.except;
    if (this.#clients.size === 0) return;
    const frame = this.#createFrame(payload);
    for (const client of this.#clients.values()) if (client.uuid !== skipped) client.write(frame);
  }

  /**
   * Closes all sockets, and refuses new ones from now on. Resolves when they are closed.
   *
   * @param code The code that clients get. Default 1001, going away.
   */
  async dispose(code?: number, reason?: string): Promise<void> {
    this.#disposed = true;
    await this.disconnectAll(code, reason);
  }

  /**
   * Closes all sockets; clients may come back. Resolves when they are closed.
   *
   * @param code The code that clients get. Default 1001, going away.
   */
  async disconnectAll(code = 1001, reason = "The server is going away."): Promise<void> {
    await Promise.all(
      [...this.#clients.values()].map(async ({ socket }) => {
        const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
        socket.close(code, reason);
        const timer = setTimeout(() => socket.terminate(), closeTimeout);
        await closed;
        clearTimeout(timer);
      }),
    );
  }

  /** Runs as the handler of an upgrade, after all guards. */
  async accept(req: ServedRequest, res: ServedResponse): Promise<false> {
    const head = upgradeHeads.get(req);
    upgradeHeads.delete(req);
    if (head === undefined) throw new BadRequestError("This path answers WebSocket upgrades only.");
    if (!isSameOrigin(req, this.#origins)) {
      throw new ForbiddenError("Pages of this origin may not connect.");
    }
    const { maxConnections = Number.POSITIVE_INFINITY, validate } = this.#options;
    if (this.#disposed || this.#clients.size + this.#pending >= maxConnections) {
      throw new HttpError(503, "There are too many connections.");
    }
    this.#pending++;
    try {
      if (validate !== undefined && (await validate(req)) !== true) throw new ForbiddenError();
      this.#handshakes ??= this.#loadHandshakes();
      const handshakes = await this.#handshakes;
      const { socket } = req;
      if (socket.destroyed || this.#disposed) return false;
      seize(res);
      res.detachSocket(socket);
      handshakes.handleUpgrade(req, socket, head, (webSocket) => this.#add(webSocket, req, socket));
    } finally {
      this.#pending--;
    }
    return false;
  }

  // Loaded with the first upgrade: a server without sockets never pays for it.
  async #loadHandshakes(): Promise<WSServer> {
    const [ws, { createFrame }] = await Promise.all([import("ws"), import("./frame.js")]);
    this.#createFrame = createFrame;
    const { maxPayload = 1024 * 1024 } = this.#options;
    return new ws.WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload,
    });
  }

  #add(webSocket: WebSocket, req: ServedRequest, socket: Duplex): void {
    const { maxBuffered = 4 * 1024 * 1024, onConnection, onMessage, onDisconnect } = this.#options;
    const write = (frame: Buffer): boolean => {
      if (webSocket.readyState !== webSocket.OPEN) return false;
      if (socket.writableLength > maxBuffered) {
        req.logger.warn("The WebSocket client %s reads too slowly and is dropped.", client.uuid);
        webSocket.terminate();
        return false;
      }
      socket.write(frame);
      return true;
    };
    const client: Client = {
      uuid: loadCrypto().randomUUID(),
      socket: webSocket,
      req,
      session: req.session,
      send: (payload) => write(this.#createFrame(payload)),
      write,
    };
    this.#clients.set(client.uuid, client);
    webSocket.on("message", (data, isBinary) => {
      const message = isBinary ? (data as Buffer) : data.toString();
      this.#call(client, () => onMessage?.(client, message));
    });
    webSocket.on("error", (error) => this.#report(error, client));
    webSocket.on("close", (code, reason) => {
      this.#clients.delete(client.uuid);
      this.#call(client, () => onDisconnect?.(client, code, reason.toString()));
    });
    this.#call(client, () => onConnection?.(client));
  }

  #call(client: Client, callback: () => unknown): void {
    try {
      const result = callback();
      if (isThenable(result)) result.then(undefined, (error) => this.#report(error, client));
    } catch (error) {
      this.#report(error, client);
    }
  }

  #report(thrown: unknown, client: Client): void {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    try {
      if (this.#options.onError === undefined) {
        client.req.logger.warn("The WebSocket of client %s failed.", client.uuid, error);
      } else {
        const result = this.#options.onError(error, client);
        if (isThenable(result)) result.then(undefined, (last) => client.req.logger.error(last));
      }
    } catch (last) {
      client.req.logger.error(last);
    }
  }
}
