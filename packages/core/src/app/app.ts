import type { Server } from "node:http";
import type { ServerOptions as HTTPSServerOptions } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { awaitReader } from "../body/abandon-body.js";
import { hasBody } from "../body/read-body.js";
import { ArgumentError, StateError } from "../errors.js";
import { contexts } from "../exchange/async-context.js";
import { kAfter, kContext, kPipeline, kResponse, kTarget } from "../exchange/internal.js";
import { NodeRequest } from "../exchange/node-request.js";
import { NodeResponse } from "../exchange/node-response.js";
import type { AppContext, ServedRequest, ServedResponse } from "../exchange/served.js";
import { createIsTrusted, type TrustProxy } from "../exchange/trust-proxy.js";
import type { ErrorHandler, Renderer, Request } from "../exchange/types.js";
import { transportsKind } from "../log/logger.js";
import type { LogTransport } from "../log/types.js";
import { checkOptions, describe } from "../options/check-options.js";
import { kinds, type OptionKinds } from "../options/kinds.js";
import { parseSize } from "../options/size.js";
import { fail } from "../pipeline/answer-error.js";
import { runPipeline } from "../pipeline/run-pipeline.js";
import { http, loadOnUse, net } from "../platform/builtins.js";
import { LocalRelay, relayKind } from "../relay/local-relay.js";
import type { Relay } from "../relay/types.js";
import { seize } from "../reply/answer.js";
import { isMethod, upgradeMethod } from "../routing/methods.js";
import type { RouterRecords } from "../routing/records.js";
import { hasPlugins, Router, type RouterOptions, recordsOf } from "../routing/router.js";
import { RoutingTable } from "../routing/routing-table.js";
import { requestChannel } from "../tracing/channels.js";
import type { WebSocketServer } from "../websocket/websocket-server.js";
import { checkHead, checkVirtualHead, refuseBytes } from "./check-head.js";
import { Connections } from "./connections.js";
import type { FetchInfo } from "./fetch.js";
import type { InjectedResponse, InjectOptions } from "./inject.js";
import { AppLoggers, type LoggerFactory } from "./request-logging.js";
import type { UpgradeListeners } from "./upgrade.js";

/** The options of an app. Times are in milliseconds; 0 is no limit. */
export interface AppOptions extends RouterOptions {
  /** Makes the loggers: one for each kind of route, and one for each request that logs something. */
  readonly loggerFactory?: LoggerFactory;
  /** The transports of the app's own loggers, which `loggerFactory` does not use. Default: the console. */
  readonly logTransports?: readonly LogTransport[];
  /** Whether each request writes a line at `info`. Default false: it writes the line at `debug`. */
  readonly logRequests?: boolean;
  /** Options of `node:http` or `node:https`, such as `key` and `cert`. */
  readonly serverOptions?: HTTPSServerOptions;
  /** Whether to serve HTTPS. Default false. */
  readonly https?: boolean;
  /**
   * The proxies that may set `X-Forwarded-*` and `X-Request-Id`: all, none, a number of proxies, or addresses. Default
   * false.
   */
  readonly trustProxy?: TrustProxy;
  /** The largest body that is read into memory: bytes, or a size such as `"1mb"`, which is the default. */
  readonly bodyLimit?: number | string;
  /** The longest time that the head of a request may take. Default 20,000. */
  readonly headersTimeout?: number;
  /** The longest time that a body or a reader may make no progress. Default 30,000. */
  readonly stallTimeout?: number;
  /** The time that a connection stays open between two requests. Default 5,000. */
  readonly keepAliveTimeout?: number;
  /** The number of requests after which a connection is closed. Default 0, no limit. */
  readonly maxRequestsPerSocket?: number;
  /**
   * Whether replies to GET of 1 KiB and more get a weak `ETag`, and 304 if the client already has this version. An `ETag`
   * of your own counts too. Default false.
   */
  readonly etag?: boolean;
  /** Whether `/a` and `/A` are two paths, for routes and guards alike. Default true. */
  readonly caseSensitive?: boolean;
  /**
   * Gets upgrades to paths without a WebSocket server. It must close their sockets. Without this function, such an
   * upgrade is answered like any request.
   */
  readonly onUpgrade?: (req: Request, socket: Duplex, head: Buffer) => void;
  /** Renders values that handlers return to HTML. */
  readonly renderer?: Renderer;
  /** The longest time for each plugin, and for each hook of the start and the end of the app. Default 10,000. */
  readonly bootTimeout?: number;
  /** Carries the events of `res.sse({ channel })`. Default: a relay of this app, for one process. */
  readonly relay?: Relay;
}

/** The address that an app listens on. */
export interface ListenOptions {
  /** The port. 0 takes a free port. */
  readonly port?: number | string;
  /** The address to bind. Default: all addresses of the machine. */
  readonly host?: string;
  /** A Unix socket, or a named pipe, in place of a port. */
  readonly path?: string;
  /** Closes the app when the signal is aborted. */
  readonly signal?: AbortSignal;
}

/**
 * Both in milliseconds. A turn of the event loop that is shorter than the first time did hardly anything. The second
 * time is the longest wait for such a turn.
 */
const shortTurn = 0.1;
const longestAccept = 250;

/** The address that an app was bound to: a port, or the path of a socket. */
export type ListenAddress = AddressInfo | string;

/** The options of `close`. Times are in milliseconds. */
export interface CloseOptions {
  /** Everything that is still open is cut after this time. Default 10,000. */
  readonly timeout?: number;
  /** The time that idle connections stay open, because requests may be on their way. Default 1,000. */
  readonly drainIdle?: number;
  /**
   * The close code for WebSocket clients, which is sent when the app no longer accepts connections. Default 1001; 1012
   * asks the clients to reconnect.
   */
  readonly socketCode?: number;
}

const appKinds: OptionKinds<AppOptions> = {
  handlerTimeout: kinds.time,
  loggerFactory: kinds.call,
  logTransports: transportsKind,
  logRequests: kinds.flag,
  serverOptions: kinds.object,
  https: kinds.flag,
  // The function that reads this option checks it.
  trustProxy: kinds.any,
  bodyLimit: kinds.size,
  headersTimeout: kinds.time,
  stallTimeout: kinds.time,
  keepAliveTimeout: kinds.time,
  maxRequestsPerSocket: kinds.count,
  etag: kinds.flag,
  caseSensitive: kinds.flag,
  onUpgrade: kinds.call,
  bootTimeout: kinds.time,
  relay: relayKind,
  renderer: {
    words: "an object { test(value), render(value, req, res) }",
    test: (value) => {
      const { test, render } = Object(value) as Partial<Renderer>;
      return typeof test === "function" && typeof render === "function";
    },
  },
};

const listenKinds: OptionKinds<ListenOptions> = {
  port: kinds.any,
  host: kinds.text,
  path: kinds.text,
  signal: { words: "an AbortSignal", test: (value) => value instanceof AbortSignal },
};

// Loaded on first use: by an answer with steps after it, by an `OPTIONS *`, by an app with entity tags, or by a
// subscriber of a channel.
const loadAfter = loadOnUse<typeof import("../pipeline/after.js")>(import.meta.url, "../pipeline/after.js");
const loadTrace = loadOnUse<typeof import("../tracing/trace.js")>(import.meta.url, "../tracing/trace.js");
// Loaded with the first preflight of a browser.
const loadPreflight = loadOnUse<typeof import("../middleware/deciding-cors.js")>(
  import.meta.url,
  "../middleware/deciding-cors.js",
);
// Loaded by the start of an app that has plugins or hooks.
const importStart = (): Promise<typeof import("../plugins/start.js")> => import("../plugins/start.js");
const loadServerOptions = loadOnUse<typeof import("./server-options.js")>(
  import.meta.url,
  "./server-options.js",
);
// Loaded with the first CONNECT.
const loadBareSocket = loadOnUse<typeof import("./bare-socket.js")>(import.meta.url, "./bare-socket.js");
const loadEtag = loadOnUse<typeof import("../reply/etag.js")>(import.meta.url, "../reply/etag.js");

/** Returns the context of an app. Only for code that observes all answers of the app. */
export let contextOf: (app: App) => AppContext;

/** A server with its routes. */
export class App extends Router implements AsyncDisposable {
  readonly #options: AppOptions;
  readonly #loggers: AppLoggers;
  readonly #context: AppContext;
  #table: RoutingTable | undefined;
  #server: Server | undefined;
  #starting: Promise<ListenAddress> | undefined;
  #connections: Connections | undefined;
  #closing: Promise<void> | undefined;
  #relay: Relay | undefined;
  // Answers that never end by themselves, such as streams of events.
  readonly #endless = new Set<() => void>();
  #isClosing = false;
  // The outcome of the start. Every caller that needs the start waits for this promise.
  #ready: Promise<void> | undefined;
  // `set-up`: all plugins are set up, and no more can be added. `ready`: the `ready` hooks have run.
  #state: "new" | "set-up" | "ready" = "new";
  // The number of answers with steps after them that have not ended, and the callback that waits for the last one.
  #afterCount = 0;
  #onAfterDone: (() => void) | undefined;
  // Removes the listener from the signal that would close the app.
  #forgetSignal = (): void => {};

  static {
    contextOf = (app) => app.#context;
  }

  constructor(options: AppOptions = {}) {
    checkOptions<AppOptions>(options, "An app", appKinds, (faults) => {
      faults.attempt("trustProxy", () => createIsTrusted(options.trustProxy));
    });
    super({ handlerTimeout: options.handlerTimeout });
    this.#options = options;
    this.#loggers = new AppLoggers(
      options.loggerFactory,
      options.logRequests === true ? "info" : "debug",
      options.logTransports,
    );
    this.#context = this.#createContext(options);
  }

  /** The relay from the options, or the app's own. */
  get relay(): Relay {
    this.#relay ??= this.#options.relay ?? new LocalRelay();
    return this.#relay;
  }

  /** The address that the app is bound to, or `undefined` when it does not listen. */
  get address(): ListenAddress | undefined {
    return this.#server?.address() ?? undefined;
  }

  /**
   * Starts to serve, and resolves to the address. Rejects with the error of the system if the address is not available,
   * such as `EADDRINUSE`.
   *
   * @param target A port (0 takes a free port), the path of a Unix socket, or an object with the address and a signal.
   * @throws {ArgumentError} if the target is not valid.
   * @throws {StateError} if the app already listens.
   * @throws {PluginError} if a plugin or a hook of the start fails.
   */
  listen(target: number | string | ListenOptions): Promise<ListenAddress>;
  async listen(target: number | string | ListenOptions, ...others: unknown[]): Promise<ListenAddress> {
    if (others.length > 0) {
      throw new ArgumentError("`listen` takes one argument. For a port and a host, write { port, host }.");
    }
    if (this.address !== undefined || this.#starting !== undefined) {
      throw new StateError("The app already listens: close it first.");
    }
    const options = toListenOptions(target);
    const { signal } = options;
    signal?.throwIfAborted();
    this.#starting = this.#start(options).finally(() => {
      this.#starting = undefined;
    });
    const close = (): void => void this.close();
    signal?.addEventListener("abort", close, { once: true });
    this.#forgetSignal = () => signal?.removeEventListener("abort", close);
    try {
      const address = await this.#starting;
      if (signal?.aborted === true) await this.close();
      signal?.throwIfAborted();
      return address;
    } catch (error) {
      this.#forgetSignal();
      throw error;
    }
  }

  /**
   * Sets up all plugins and runs the `ready` hooks, once. `listen`, `inject` and `fetch` wait for it.
   *
   * @throws {PluginError} with the name of the plugin that failed or took too long.
   */
  ready(): Promise<void> {
    this.#ready ??= this.#setUp();
    return this.#ready;
  }

  async #setUp(): Promise<void> {
    const records = recordsOf(this);
    if (hasPlugins(records)) {
      const { setUpPlugins, runStartHooks } = await importStart();
      await setUpPlugins(records, this.#bootTimeout);
      this.#state = "set-up";
      await runStartHooks(records, "ready", [this], this.#bootTimeout);
    }
    this.#state = "ready";
  }

  get #bootTimeout(): number {
    return this.#options.bootTimeout ?? 10_000;
  }

  protected override get hasStarted(): boolean {
    return this.#state !== "new";
  }

  async #start(options: ListenOptions): Promise<ListenAddress> {
    await this.ready();
    const address = await this.openServer(options);
    if (!hasPlugins(recordsOf(this))) return address;
    try {
      const { runStartHooks } = await importStart();
      await runStartHooks(recordsOf(this), "listen", [address, this], this.#bootTimeout);
    } catch (error) {
      await this.closeServer({ timeout: 0, drainIdle: 0 });
      throw error;
    }
    return address;
  }

  /** Binds the server. Runtimes with their own servers override it. */
  protected async openServer(options: ListenOptions): Promise<ListenAddress> {
    this.#routes();
    const server = await this.#createServer();
    this.#server = server;
    try {
      await this.#bind(server, options).catch(async (error: NodeJS.ErrnoException) => {
        const { path } = options;
        if (error.code !== "EADDRINUSE" || path === undefined) throw error;
        const { removeLeftSocket } = await import("./left-socket.js");
        if (!(await removeLeftSocket(path))) throw error;
        await this.#bind(server, options);
      });
    } catch (error) {
      this.#server = undefined;
      await this.#connections?.close(0, 0);
      throw error;
    }
    return server.address() as ListenAddress;
  }

  #bind(server: Server, options: ListenOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(toNodeTarget(options), () => {
        server.off("error", reject);
        // An example is EMFILE, when a connection cannot be accepted. Other connections continue.
        server.on("error", (error) => this.#loggers.reportServer(error));
        resolve();
      });
    });
  }

  /** Stops accepting connections, lets requests finish, and resolves when every connection is closed. */
  close(options: CloseOptions = {}): Promise<void> {
    checkOptions<CloseOptions>(options, "`close`", {
      timeout: kinds.time,
      drainIdle: kinds.time,
      socketCode: kinds.count,
    });
    this.#closing ??= this.#close(options).finally(() => {
      this.#closing = undefined;
    });
    return this.#closing;
  }

  /**
   * Runs a request without a connection through all steps, and resolves to the whole answer.
   *
   * @param request A path, or an object with the parts of the request.
   */
  async inject(request: InjectOptions | string): Promise<InjectedResponse> {
    if (this.#state !== "ready") await this.ready();
    const module = await import("./inject.js");
    return module.inject(request, (res) => this.#serve(res, undefined, false));
  }

  /**
   * Runs a web `Request` of Deno, Bun or another runtime. The method is bound, so it can be passed on:
   * `Deno.serve(app.fetch)`.
   *
   * @param info The runtime's information about the connection.
   */
  readonly fetch: (request: globalThis.Request, info?: FetchInfo) => Promise<globalThis.Response> = async (
    request,
    info,
  ) => {
    if (this.#state !== "ready") await this.ready();
    const module = await import("./fetch.js");
    return module.fetchVirtual(request, info, (res) => this.#serve(res, undefined, false));
  };

  /** The same as `close`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  protected override onChange(): void {
    this.#table = undefined;
  }

  async #close(options: CloseOptions): Promise<void> {
    // The caller of `listen` gets the error.
    await this.#starting?.catch(() => {});
    await this.#ready?.catch(() => {});
    this.#forgetSignal();
    this.#isClosing = true;
    for (const end of [...this.#endless]) end();
    const start = performance.now();
    await this.closeServer(options);
    const left = Math.max(0, (options.timeout ?? 10_000) - (performance.now() - start));
    if (this.#afterCount > 0) await this.#waitForAfter(left);
    if (this.#state !== "new" && hasPlugins(recordsOf(this))) {
      const { runCloseHooks } = await importStart();
      const report = (error: unknown): void => this.#loggers.reportClose(error);
      await runCloseHooks(recordsOf(this), [this], this.#bootTimeout, report);
    }
    this.#ready = undefined;
    this.#state = "new";
    this.#isClosing = false;
  }

  async #waitForAfter(longest: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, longest);
      this.#onAfterDone = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#onAfterDone = undefined;
  }

  /** Closes the server that `openServer` bound, after its requests have finished. */
  protected async closeServer({
    timeout = 10_000,
    drainIdle = 1000,
    socketCode,
  }: CloseOptions): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    await acceptWaiting(server, Math.min(drainIdle, longestAccept));
    // The `close` of http.Server would close idle connections at once, and lose requests that are on the wire.
    const closed = new Promise<void>((resolve) => net.Server.prototype.close.call(server, () => resolve()));
    const sockets = findSockets(recordsOf(this)).map((one) => one.disconnectAll(socketCode));
    await this.#connections?.close(Math.min(drainIdle, timeout), timeout);
    await Promise.all([closed, ...sockets]);
    // No connection is open any more, so this only stops the server's own timer.
    server.close(() => {});
    this.#server = undefined;
    this.#connections = undefined;
  }

  async #createServer(): Promise<Server> {
    const {
      serverOptions,
      https,
      headersTimeout = 20_000,
      keepAliveTimeout = 5000,
      stallTimeout = 30_000,
    } = this.#options;
    const { onUpgrade } = this.#options;
    const takesUpgrades = findSockets(recordsOf(this)).length > 0 || onUpgrade !== undefined;
    const upgrades = takesUpgrades ? await import("./upgrade.js") : undefined;
    const listeners: UpgradeListeners = {
      serve: (res, isUpgrade) => this.#serve(res, connections, isUpgrade),
      owns: (req) => this.#routes().find(req[kTarget].path, req[kTarget].segments, upgradeMethod).answers,
      pending: (socket) => connections.pending(socket),
      closeAfterAnswer: (socket) => connections.closeAfterAnswer(socket),
      onUpgrade,
    };
    const options: HTTPSServerOptions = {
      headersTimeout,
      keepAliveTimeout,
      ...(https === true ? { handshakeTimeout: headersTimeout } : {}),
      // An upload may take any time if it makes progress, see Connections.
      requestTimeout: 0,
      connectionsCheckingInterval: Math.max(50, Math.min(5000, (headersTimeout || 20_000) / 4)),
      ...serverOptions,
      ...(upgrades && {
        shouldUpgradeCallback: (req: unknown) => upgrades.isTaken(req as ServedRequest, listeners),
      }),
      IncomingMessage: NodeRequest as never,
      ServerResponse: NodeResponse as never,
    };
    const server =
      https === true ? (await import("node:https")).createServer(options) : http.createServer(options);
    const { maxRequestsPerSocket } = this.#options;
    if (maxRequestsPerSocket !== undefined) server.maxRequestsPerSocket = maxRequestsPerSocket;
    const connections = new Connections(server, https === true, stallTimeout || Number.POSITIVE_INFINITY);
    this.#connections = connections;
    server.on("clientError", (error, socket) => refuseBytes(error, socket, connections.pending(socket)));
    server.on("checkContinue", (req, res) => {
      if (hasBody(req as ServedRequest)) awaitReader(req as ServedRequest, res as unknown as ServedResponse);
      this.#serve(res as unknown as ServedResponse, connections, false);
    });
    server.on("request", (_req, res) => this.#serve(res as unknown as ServedResponse, connections, false));
    // There are no tunnels here: the target of a CONNECT is refused like any other that is not a path.
    server.on("connect", (incoming, socket) => {
      const { createLastResponse, runInTurn } = loadBareSocket();
      const req = incoming as ServedRequest;
      runInTurn(socket, connections.pending(socket), () => {
        this.#serve(createLastResponse(req, socket), connections, false);
      });
    });
    upgrades?.listenForUpgrades(server, https === true ? "secureConnection" : "connection", listeners);
    return server as Server;
  }

  #routes(): RoutingTable {
    this.#table ??= new RoutingTable(
      recordsOf(this),
      (identifier) => this.#loggers.forLines(identifier),
      this.#options.caseSensitive,
    );
    return this.#table;
  }

  #serve(res: ServedResponse, connections: Connections | undefined, isUpgrade: boolean): void {
    const { req } = res;
    req[kContext] = this.#context;
    req[kResponse] = res;
    if (connections?.note(res) === false) {
      // This request is no longer needed. Its connection ends with the answer before it.
      seize(res);
      req.resume();
      return;
    }
    this.#context.observe?.(res);
    if (contexts.enter === undefined) this.#trace(req, res, connections, isUpgrade);
    else contexts.enter(req, () => this.#trace(req, res, connections, isUpgrade));
  }

  #trace(
    req: ServedRequest,
    res: ServedResponse,
    connections: Connections | undefined,
    isUpgrade: boolean,
  ): void {
    if (requestChannel.hasSubscribers)
      loadTrace().traceRequest(req, res, () => this.#answer(req, res, connections, isUpgrade));
    else this.#answer(req, res, connections, isUpgrade);
  }

  #answer(
    req: ServedRequest,
    res: ServedResponse,
    connections: Connections | undefined,
    isUpgrade: boolean,
  ): void {
    try {
      if (connections === undefined) checkVirtualHead(req);
      checkHead(req);
      if (req.url === "*" && req.method === "OPTIONS") {
        loadServerOptions().answerServerOptions(res, recordsOf(this));
        return;
      }
      const { path, segments } = req[kTarget];
      const routes = this.#routes();
      let pipeline = routes.find(path, segments, isUpgrade ? upgradeMethod : req.method);
      const asked = req.method === "OPTIONS" ? req.headers["access-control-request-method"] : undefined;
      if (asked !== undefined && isMethod(asked) && req.headers.origin !== undefined) {
        pipeline = loadPreflight().toPreflight(pipeline, routes.find(path, segments, asked));
      }
      if (pipeline.requestLogger !== undefined) this.#loggers.logRequest(req, res, pipeline.requestLogger);
      runPipeline(req, res, pipeline);
    } catch (error) {
      // The request was refused before its steps were found.
      if (req[kPipeline] === undefined && this.#options.logRequests === true) {
        const logger = this.#loggers.forLines("");
        if (logger !== undefined) this.#loggers.logRequest(req, res, logger);
      }
      fail(req, res, error);
    }
  }

  #createContext(options: AppOptions): AppContext {
    const loggers = this.#loggers;
    const countAfter = (isOpen: boolean): void => {
      this.#afterCount += isOpen ? 1 : -1;
      if (this.#afterCount === 0) this.#onAfterDone?.();
    };
    // Errors that come before any step arrive only here.
    const getCatchers = (): readonly ErrorHandler[] => this.#routes().catchers;
    return {
      isTrusted: createIsTrusted(options.trustProxy),
      bodyLimit: parseSize(options.bodyLimit ?? "1mb", "bodyLimit"),
      createTag: options.etag === true ? loadEtag().createTag : undefined,
      caseSensitive: options.caseSensitive ?? true,
      renderer: options.renderer,
      isDevelopment: process.env.NODE_ENV === "development",
      get catchers() {
        return getCatchers();
      },
      timeout: options.handlerTimeout ?? 0,
      after(res) {
        res[kAfter] ??= new (loadAfter().AfterQueue)(res, countAfter);
        return res[kAfter];
      },
      fail,
      observe: undefined,
      relay: () => this.relay,
      sharedRelay: options.relay,
      onClose: (callback) => {
        if (this.#isClosing) queueMicrotask(callback);
        else this.#endless.add(callback);
        return () => void this.#endless.delete(callback);
      },
      isClosing: () => this.#isClosing,
      createLogger(req) {
        return loggers.forRequest(req as ServedRequest);
      },
    };
  }
}

/**
 * Takes over the connections that the system has already accepted for a server. The system would reset them when the
 * server is closed. One turn of the event loop takes over one connection, so after a turn without a new connection none
 * is left. A short turn shows that the event loop has just looked for connections.
 *
 * @param longest The function stops after this time in milliseconds, even if more connections come.
 */
async function acceptWaiting(server: Server, longest: number): Promise<void> {
  let hasAccepted = false;
  const onConnection = (): void => {
    hasAccepted = true;
  };
  server.on("connection", onConnection);
  const start = performance.now();
  let before = start;
  for (let turn = 0; ; turn++) {
    hasAccepted = false;
    await new Promise((resolve) => setImmediate(resolve));
    const now = performance.now();
    // The first turn is only the remaining part of the current turn.
    if (turn > 0 && !hasAccepted && now - before < shortTurn) break;
    if (now - start >= longest) break;
    before = now;
  }
  server.off("connection", onConnection);
}

/** Returns the WebSocket servers of a router and of the routers inside it. */
export function findSockets({ sockets, mounts }: RouterRecords): WebSocketServer[] {
  return [...sockets, ...mounts.flatMap((mount) => findSockets(mount.records))];
}

function toListenOptions(target: number | string | ListenOptions): ListenOptions {
  if (typeof target === "number") return { port: target };
  if (typeof target === "object") {
    checkOptions<ListenOptions>(target, "`listen`", listenKinds, (faults) => {
      faults.attempt("port", () => toNodeTarget(target));
    });
    return target;
  }
  if (typeof target !== "string" || target === "") {
    throw new ArgumentError(
      `\`listen\` takes a port, the path of a socket, or { port, host, path, signal }, not ${describe(target)}.`,
    );
  }
  if (/^[^/\\]*:\d+$/.test(target)) {
    throw new ArgumentError(`"${target}" is not the path of a socket: for a host write { port, host }.`);
  }
  return /^\d+$/.test(target) ? { port: target } : { path: target };
}

function toNodeTarget({ port, host, path }: ListenOptions): { port?: number; host?: string; path?: string } {
  if (path !== undefined) {
    if (port !== undefined)
      throw new ArgumentError("Listen on a port or on the path of a socket, not on both.");
    return { path };
  }
  const number = Number(port);
  if (port === undefined || port === "" || !Number.isInteger(number) || number < 0 || number > 65_535) {
    throw new ArgumentError(
      `A port must be a whole number from 0 to 65535, not ${JSON.stringify(port) ?? "absent"}.`,
    );
  }
  return host === undefined ? { port: number } : { port: number, host };
}
