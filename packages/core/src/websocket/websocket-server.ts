import type { Socket } from "node:net";
import type { Schema } from "@miqro/parser";
import type { WebSocket, WebSocketServer as WSServer } from "ws";
import { hasBody } from "../body/read-body.js";
import { ArgumentError, BadRequestError, ForbiddenError, HttpError } from "../errors.js";
import { toBytes } from "../exchange/bytes.js";
import { kContext, kObserved, kResponse, tokenPrefixes, upgradeHeads } from "../exchange/internal.js";
import { type NodeResponse, switchProtocols } from "../exchange/node-response.js";
import { isSameOrigin, parseOrigins } from "../exchange/origin.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import { writeStandard } from "../log/standard-stream.js";
import { checkOptions, describe } from "../options/check-options.js";
import { either, kinds, type OptionKinds } from "../options/kinds.js";
import { isThenable, ReplyPromise } from "../pipeline/outcome.js";
import { loadCrypto, loadOnUse } from "../platform/builtins.js";
import { relayKind } from "../relay/local-relay.js";
import { seize } from "../reply/answer.js";
import { parsePattern } from "../routing/pattern.js";
import { messageChannel } from "../tracing/channels.js";
import type { EndTrace, traceCall } from "../tracing/trace.js";
import type { Connection, ConnectionHost } from "./connection.js";
import type { OutgoingMessage } from "./frame.js";
import type { ReadMessage } from "./typed-messages.js";
import type {
  BroadcastOptions,
  DeflateOptions,
  Payload,
  WebSocketClient,
  WebSocketServerOptions,
} from "./types.js";

const closeTimeout = 1000;

type Options = Omit<WebSocketServerOptions, "message" | "onMessage"> & {
  readonly message?: Schema | undefined;
  readonly onMessage?: (client: WebSocketClient, data: never) => unknown;
};

/** A broadcast of another process. */
interface Relayed {
  readonly from: string;
  readonly text?: string;
  readonly bytes?: string;
  readonly room?: string;
  readonly except?: string;
}

const longestRoom = 256;

const serverKinds: OptionKinds<WebSocketServerOptions> = {
  // The path is checked when it is parsed as a pattern.
  path: kinds.any,
  disabled: kinds.flag,
  maxConnections: kinds.count,
  maxPayload: kinds.count,
  maxBuffered: kinds.count,
  origins: kinds.texts,
  protocols: {
    words: 'an array of names without blanks and commas, such as ["chat.v2", "chat.v1"]',
    test: (value) =>
      Array.isArray(value) &&
      value.every((one) => typeof one === "string" && /^[\w!#$%&'*+.^`|~-]+$/.test(one)),
  },
  validate: kinds.call,
  onConnection: kinds.call,
  onMessage: kinds.call,
  onDisconnect: kinds.call,
  onError: kinds.call,
  // Checked by the compiler of schemas.
  message: kinds.any,
  maxPending: { words: "a whole number from 1 up", test: (value) => kinds.count.test(value) && value !== 0 },
  heartbeat: kinds.time,
  perMessageDeflate: either(kinds.flag, kinds.object),
  relay: relayKind,
};

const loadTypedMessages = loadOnUse<typeof import("./typed-messages.js")>(
  import.meta.url,
  "./typed-messages.js",
);
// Loaded with the first upgrade, so a server without sockets never pays for them.
const loadProtocols = loadOnUse<typeof import("./choose-protocol.js")>(
  import.meta.url,
  "./choose-protocol.js",
);
const loadConnection = loadOnUse<typeof import("./connection.js")>(import.meta.url, "./connection.js");
const loadFrame = loadOnUse<typeof import("./frame.js")>(import.meta.url, "./frame.js");
const loadLibrary = loadOnUse<typeof import("./library.js")>(import.meta.url, "./library.js");
const loadTrace = loadOnUse<typeof import("../tracing/trace.js")>(import.meta.url, "../tracing/trace.js");

/** The clients of one path. Register it with `router.webSocket(server)`. */
export class WebSocketServer implements AsyncDisposable {
  /** The path of the upgrade. */
  readonly path: string;
  /** Whether the path is removed. */
  readonly disabled: boolean;
  // The type of messages matters only to the caller of the constructor, and not to routers.
  readonly #options: Options;
  readonly #origins: readonly string[];
  readonly #clients = new Map<string, Connection>();
  readonly #rooms = new Map<string, Set<Connection>>();
  readonly #threshold: number;
  readonly #readMessage: ((data: string | Buffer) => ReadMessage) | undefined;
  #host: ConnectionHost = undefined as never;
  #handshakes: Promise<WSServer> | undefined;
  // Loaded with the first client.
  #module: typeof import("./connection.js") & typeof import("./frame.js") = undefined as never;
  // The id of this server among the servers that share a relay.
  #id = "";
  #unsubscribe: (() => void) | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  // The number of clients whose upgrade is still being checked. It counts for the limit, so many upgrades at the same
  // time cannot exceed the limit.
  #pending = 0;
  #disposed = false;

  constructor(options: WebSocketServerOptions) {
    let readMessage: ((data: string | Buffer) => ReadMessage) | undefined;
    checkOptions<WebSocketServerOptions>(options, "A WebSocket server", serverKinds, (faults) => {
      faults.attempt("path", () => {
        if (typeof options.path === "string" && options.path.startsWith("/")) parsePattern(options.path);
        else {
          throw new ArgumentError(
            'A WebSocket server needs a `path` that begins with a slash, such as "/updates".',
          );
        }
      });
      if (!faults.has("origins")) faults.attempt("origins", () => parseOrigins(options.origins));
      const { perMessageDeflate } = options;
      const { message } = options as Options;
      if (message !== undefined)
        readMessage = faults.attempt("message", () => loadTypedMessages().createMessageReader(message));
      if (typeof perMessageDeflate === "object" && !faults.has("perMessageDeflate")) {
        faults.attempt("perMessageDeflate", () =>
          checkOptions<DeflateOptions>(perMessageDeflate, "`perMessageDeflate`", { threshold: kinds.count }),
        );
      }
    });
    this.path = options.path;
    this.disabled = options.disabled ?? false;
    this.#options = options as unknown as Options;
    this.#origins = parseOrigins(options.origins);
    this.#readMessage = readMessage;
    const { perMessageDeflate } = options;
    this.#threshold = typeof perMessageDeflate === "object" ? (perMessageDeflate.threshold ?? 1024) : 1024;
  }

  /**
   * Makes a server whose `onMessage` gets the values that the schema `message` describes. (In a class with a type
   * parameter, `onMessage` could not name the server itself.)
   */
  static typed<const Message extends Schema>(options: WebSocketServerOptions<Message>): WebSocketServer {
    return new WebSocketServer(options as unknown as WebSocketServerOptions);
  }

  /** The connected clients by uuid. */
  get clients(): ReadonlyMap<string, WebSocketClient> {
    return this.#clients;
  }

  /** Whether a client is connected. */
  isConnected(uuid: string): boolean {
    return this.#clients.has(uuid);
  }

  /** Sends a message to one client. Resolves to false if the client is gone. */
  async writeTo(uuid: string, payload: Payload): Promise<boolean> {
    toMessage(payload);
    return this.#clients.get(uuid)?.send(payload) ?? false;
  }

  /**
   * Sends a message to all clients, or to the clients in a room. With a relay, it also goes to the clients of other
   * processes. The frame is made once. A client that is too slow is dropped. Resolves when the message is on its way.
   *
   * @param options The uuid of a client that does not get the message, or an object with the options.
   */
  broadcast(payload: Payload, options?: string | BroadcastOptions): Promise<void> {
    let message: string | Uint8Array;
    try {
      if (options !== undefined && typeof options !== "string")
        checkOptions<BroadcastOptions>(options, "`broadcast`", { except: kinds.text, room: kinds.text });
      message = toMessage(payload);
    } catch (error) {
      return Promise.reject(error);
    }
    const { room, except } = typeof options === "object" ? options : { except: options };
    this.#send(message, room, except);
    const { relay } = this.#options;
    if (relay === undefined) return Promise.resolve();
    this.#id ||= loadCrypto().randomUUID();
    const content =
      typeof message === "string" ? { text: message } : { bytes: Buffer.from(message).toString("base64") };
    const published = relay.publish(this.#channel, {
      from: this.#id,
      ...content,
      ...(room !== undefined && { room }),
      ...(except !== undefined && { except }),
    });
    return new ReplyPromise<void>(
      (resolve, reject) => published.then(() => resolve(), reject),
      (error) =>
        writeStandard(
          "stderr",
          `A broadcast on ${this.path} did not reach other processes: ${(error as Error)?.message}\n`,
        ),
    );
  }

  /** Adds a client to a room. The name can be any string. Returns false if the client is gone. */
  join(uuid: string, room: string): boolean {
    const connection = this.#clients.get(uuid);
    if (connection === undefined) return false;
    this.#join(connection, room);
    return true;
  }

  /** Removes a client from a room. Returns false if the client was not in it. */
  leave(uuid: string, room: string): boolean {
    const connection = this.#clients.get(uuid);
    return connection !== undefined && this.#leave(connection, room);
  }

  /**
   * Closes all sockets, and refuses new ones from now on. Resolves when they are closed.
   *
   * @param code The code for the clients. Default 1001, going away.
   */
  async dispose(code?: number, reason?: string): Promise<void> {
    checkClose(code, reason);
    this.#disposed = true;
    await this.disconnectAll(code, reason);
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  /** The same as `dispose`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  /**
   * Closes all sockets. Clients may come back. Resolves when the sockets are closed.
   *
   * @param code The code for the clients. Default 1001, going away.
   */
  async disconnectAll(code = 1001, reason = "The server is going away."): Promise<void> {
    checkClose(code, reason);
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
    // Its bytes would be read as frames.
    if (hasBody(req)) throw new BadRequestError("An upgrade to WebSocket has no body.");
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
      this.#handshakes ??= this.#loadHandshakes().catch((error) => {
        // The relay was away. The next client tries again.
        this.#handshakes = undefined;
        throw error;
      });
      const handshakes = await this.#handshakes;
      // A socket that opens now would not be closed with the others.
      if (this.#disposed || req[kContext]?.isClosing() === true)
        throw new HttpError(503, "The server is going away.");
      this.#shakeHands(handshakes, req, res, head);
    } finally {
      this.#pending--;
    }
    return false;
  }

  #shakeHands(handshakes: WSServer, req: ServedRequest, res: ServedResponse, head: Buffer): void {
    const { socket } = req;
    let refused: Error | undefined;
    // It is emitted at once. Without a listener, `ws` answers past the steps of the request.
    const onRefused = (error: Error): void => {
      refused = error;
    };
    handshakes.once("wsClientError", onRefused);
    handshakes.handleUpgrade(req, socket, head, (webSocket) => {
      seize(res);
      switchProtocols(res as unknown as NodeResponse);
      this.#add(webSocket, req, socket);
    });
    handshakes.off("wsClientError", onRefused);
    if (refused === undefined) return;
    throw new BadRequestError(`The upgrade cannot be accepted: ${refused.message}.`, {
      headers: { "Sec-WebSocket-Version": "13, 8" },
    });
  }

  get #channel(): string {
    return `miqro:websocket:${this.path}`;
  }

  async #loadHandshakes(): Promise<WSServer> {
    const { ws } = loadLibrary();
    const { chooseProtocol } = loadProtocols();
    const connection = loadConnection();
    this.#module = { ...connection, ...loadFrame() };
    this.#host = {
      maxBuffered: this.#options.maxBuffered ?? 4 * 1024 * 1024,
      turns: new connection.WriteTurns(),
      createMessage: (payload) => this.#createMessage(toMessage(payload)),
      join: (client, room) => this.#join(client, room),
      leave: (client, room) => this.#leave(client, room),
    };
    const { maxPayload = 1024 * 1024, perMessageDeflate = false, relay } = this.#options;
    // The server subscribes before the first client connects, so that the client misses nothing.
    this.#unsubscribe = await relay?.subscribe(this.#channel, {}, (event) => {
      if (event.gap !== true) this.#takeRelayed(event.payload as Relayed);
    });
    const { protocols } = this.#options;
    const handshakes = new ws.WebSocketServer({
      noServer: true,
      clientTracking: false,
      handleProtocols: (offered, req) => chooseProtocol(offered, protocols, tokenPrefixes.get(req) ?? []),
      // Without a kept context, a message is compressed only once for all clients, and an idle client needs no memory.
      perMessageDeflate:
        perMessageDeflate === false
          ? false
          : { serverNoContextTakeover: true, clientNoContextTakeover: true, threshold: this.#threshold },
      maxPayload,
    });
    handshakes.on("headers", (lines, req) => addHeaders(lines, (req as ServedRequest)[kResponse]));
    return handshakes;
  }

  #createMessage(message: string | Uint8Array): OutgoingMessage {
    return new this.#module.OutgoingMessage(message, this.#threshold);
  }

  #send(message: string | Uint8Array, room: string | undefined, except: string | undefined): void {
    const connections = room === undefined ? this.#clients.values() : this.#rooms.get(room);
    if (connections === undefined || this.#clients.size === 0) return;
    const outgoing = this.#createMessage(message);
    for (const connection of connections) if (connection.uuid !== except) connection.write(outgoing);
  }

  #takeRelayed({ from, text, bytes, room, except }: Relayed): void {
    if (from !== this.#id) this.#send(text ?? Buffer.from(bytes ?? "", "base64"), room, except);
  }

  #join(connection: Connection, room: string): void {
    if (typeof room !== "string" || room === "" || room.length > longestRoom)
      throw new ArgumentError(
        `A room must be a string of 1 to ${longestRoom} characters, not ${describe(room)}.`,
      );
    if (!this.#clients.has(connection.uuid)) return;
    let members = this.#rooms.get(room);
    if (members === undefined) {
      members = new Set();
      this.#rooms.set(room, members);
    }
    members.add(connection);
    connection.ownRooms ??= new Set();
    connection.ownRooms.add(room);
  }

  #leave(connection: Connection, room: string): boolean {
    const members = this.#rooms.get(room);
    connection.ownRooms?.delete(room);
    if (members?.delete(connection) !== true) return false;
    if (members.size === 0) this.#rooms.delete(room);
    return true;
  }

  #add(webSocket: WebSocket, req: ServedRequest, socket: Socket): void {
    const { onConnection, onDisconnect } = this.#options;
    const takesCompressed = webSocket.extensions !== "" && !hasSmallWindow(req);
    const client = new this.#module.Connection(webSocket, req, socket, this.#host, takesCompressed);
    this.#clients.set(client.uuid, client);
    webSocket.on("message", (data, isBinary) => {
      client.isAlive = true;
      this.#take(client, isBinary ? (data as Buffer) : data.toString());
    });
    webSocket.on("error", (error) => this.#report(error, client));
    webSocket.on("close", (code, reason) => {
      this.#clients.delete(client.uuid);
      client.queue = undefined;
      const rooms = [...client.rooms];
      this.#call(client, () => onDisconnect?.(client, code, reason.toString()));
      for (const room of rooms) this.#leave(client, room);
      if (this.#clients.size === 0) this.#stopHeartbeat();
    });
    this.#startHeartbeat(webSocket, client);
    this.#call(client, () => onConnection?.(client));
  }

  #startHeartbeat(webSocket: WebSocket, client: Connection): void {
    const { heartbeat = 30_000 } = this.#options;
    if (heartbeat === 0) return;
    webSocket.on("pong", () => {
      client.isAlive = true;
    });
    this.#heartbeat ??= setInterval(() => {
      // A process that was busy for a whole heartbeat still has to read the answers to its last pings. Two turns are
      // enough, also for a client in the same process, which reads the ping in the first of them.
      setImmediate(() => setImmediate(() => this.#beat()));
    }, heartbeat).unref();
  }

  #beat(): void {
    for (const one of this.#clients.values()) {
      // The server does not read from a client whose messages wait, so it cannot see an answer to the ping.
      if (one.takeProgress() || one.isAlive || one.queue !== undefined) {
        one.isAlive = false;
        one.writeFrame(this.#module.pingFrame);
      } else {
        one.socket.terminate();
      }
    }
  }

  #stopHeartbeat(): void {
    clearInterval(this.#heartbeat);
    this.#heartbeat = undefined;
  }

  // A client that sends faster than `onMessage` works has to wait. So it never has more waiting messages than this.
  #take(client: Connection, data: string | Buffer): void {
    // Messages behind a call of `close` or `terminate` may be there already, but the client was sent away.
    if (!isOpen(client)) return;
    if (client.queue !== undefined) client.queue.push(data);
    else if (client.pending < (this.#options.maxPending ?? 16)) this.#work(client, data);
    else {
      client.queue = [data];
      client.socket.pause();
    }
  }

  #work(client: Connection, data: string | Buffer): void {
    const { onMessage } = this.#options;
    const read = this.#readMessage?.(data);
    if (read !== undefined && "answer" in read) {
      client.send(read.answer);
      return;
    }
    if (onMessage === undefined) return;
    const value = (read === undefined ? data : read.value) as never;
    let result: unknown;
    let end: EndTrace | undefined;
    try {
      if (messageChannel.hasSubscribers) {
        const traced = this.#trace(client, data, () => onMessage(client, value));
        result = traced.value;
        end = traced.end;
      } else {
        result = onMessage(client, value);
      }
    } catch (error) {
      this.#report(error, client);
      return;
    }
    if (!isThenable(result)) return;
    client.pending++;
    const settle = (): void => {
      client.pending--;
      this.#workOn(client);
    };
    result.then(
      () => {
        end?.();
        settle();
      },
      (error) => {
        end?.(error);
        this.#report(error, client);
        settle();
      },
    );
  }

  #workOn(client: Connection): void {
    const { maxPending = 16 } = this.#options;
    const { queue } = client;
    if (queue === undefined) return;
    while (queue.length > 0 && client.pending < maxPending && client.queue === queue && isOpen(client)) {
      this.#work(client, queue.shift() as string | Buffer);
    }
    if (client.queue !== queue || client.pending >= maxPending || (queue.length > 0 && isOpen(client)))
      return;
    client.queue = undefined;
    client.socket.resume();
  }

  #trace(client: Connection, data: string | Buffer, call: () => unknown): ReturnType<typeof traceCall> {
    const { req, uuid } = client;
    const bytes = Buffer.byteLength(data);
    return loadTrace().traceCall(
      messageChannel,
      { req, uuid, route: this.path, bytes, error: undefined, isPending: false },
      call,
    );
  }

  #call(client: Connection, callback: () => unknown): void {
    try {
      const result = callback();
      if (isThenable(result)) result.then(undefined, (error) => this.#report(error, client));
    } catch (error) {
      this.#report(error, client);
    }
  }

  #report(thrown: unknown, client: Connection): void {
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

/** Adds the headers that guards have set, such as a cookie of a session, to the answer that opens a socket. */
function addHeaders(lines: string[], res: ServedResponse | undefined): void {
  res?.[kObserved]?.begin(101, undefined, undefined);
  for (const [name, value] of Object.entries(res?.getHeaders() ?? {})) {
    if (/^(?:connection|upgrade|sec-websocket-.*|content-.*|transfer-encoding|keep-alive)$/.test(name))
      continue;
    for (const one of [value].flat()) lines.push(`${name}: ${one}`);
  }
}

function isOpen({ socket }: Connection): boolean {
  return socket.readyState === socket.OPEN;
}

/** Whether a client asks for a smaller window than the window that messages are compressed with. */
function hasSmallWindow(req: ServedRequest): boolean {
  return /server_max_window_bits\s*=/i.test(String(req.headers["sec-websocket-extensions"] ?? ""));
}

// The length of a message decides the size of its frame, and the memory of a frame is not cleared. So a value that only
// looks like bytes must not come this far.
function toMessage(payload: Payload): string | Uint8Array {
  const message = typeof payload === "string" ? payload : toBytes(payload);
  if (message === undefined)
    throw new ArgumentError(
      `A message must be a string or bytes, not ${describe(payload)}. Send JSON as a string.`,
    );
  return message;
}

// RFC 6455 7.4: the codes that a server may send. The reason has to fit into a control frame.
function checkClose(code = 1001, reason = ""): void {
  const isOfProtocol = code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code);
  if (!Number.isInteger(code) || !(isOfProtocol || (code >= 3000 && code <= 4999)))
    throw new ArgumentError(
      `The code of a close must be 1000, 1001 or a number from 3000 to 4999, not ${describe(code)}.`,
    );
  if (typeof reason !== "string" || Buffer.byteLength(reason) > 123)
    throw new ArgumentError("The reason of a close must be a string of at most 123 bytes.");
}
