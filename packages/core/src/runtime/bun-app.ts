import {
  App,
  type AppOptions,
  type CloseOptions,
  findSockets,
  type ListenAddress,
  type ListenOptions,
} from "../app/app.js";
import { ArgumentError, StateError } from "../errors.js";
import { recordsOf } from "../routing/router.js";

// The parts of Bun that are used here. Bun's types are not Node.js types.
interface BunServer {
  readonly hostname?: string;
  readonly port?: number;
  requestIP(request: globalThis.Request): { readonly address: string } | null;
  stop(closeActive: boolean): Promise<void>;
}

interface Bun {
  serve(options: {
    readonly port?: number;
    readonly hostname?: string;
    readonly unix?: string;
    readonly tls?: object;
    readonly idleTimeout: number;
    fetch(request: globalThis.Request, server: BunServer): Promise<globalThis.Response>;
  }): BunServer;
}

/** Options that Bun.serve does not support, or for which it has its own rules. */
const nodeOnly = [
  "headersTimeout",
  "stallTimeout",
  "keepAliveTimeout",
  "maxRequestsPerSocket",
  "onUpgrade",
] as const;

/**
 * The longest time that Bun accepts, in seconds. Bun cuts a connection after this time without a byte, even while its
 * handler runs.
 */
const idleTimeout = 255;

/**
 * An app that serves with `Bun.serve`, over web requests. It has no WebSocket servers, and no options of `node:http`.
 */
export class BunApp extends App {
  readonly #options: AppOptions;
  #server: BunServer | undefined;
  #path: string | undefined;

  constructor(options: AppOptions = {}) {
    const unknown = nodeOnly.filter((name) => options[name] !== undefined);
    if (unknown.length > 0) {
      throw new ArgumentError(
        `Bun.serve has no ${unknown.map((name) => `\`${name}\``).join(", ")}. Leave it out, or use createApp of @miqro/core/node.`,
      );
    }
    super(options);
    this.#options = options;
  }

  /** The address that the app is bound to, or `undefined` when it does not listen. */
  override get address(): ListenAddress | undefined {
    const server = this.#server;
    if (server === undefined || this.#path !== undefined) return this.#path;
    const address = server.hostname ?? "localhost";
    return { address, port: server.port ?? 0, family: address.includes(":") ? "IPv6" : "IPv4" };
  }

  protected override async openServer({ port, host, path }: ListenOptions): Promise<ListenAddress> {
    const { Bun } = globalThis as { Bun?: Bun };
    if (Bun === undefined) {
      throw new StateError("This app needs Bun. On Node.js, use createApp of @miqro/core/node.");
    }
    if (findSockets(recordsOf(this)).length > 0) {
      throw new StateError(
        "Bun.serve cannot serve a WebSocketServer of @miqro/core: run the app on Node.js.",
      );
    }
    const { https, serverOptions = {} } = this.#options;
    const target =
      path === undefined
        ? { port: Number(port), ...(host === undefined ? {} : { hostname: host }) }
        : { unix: path };
    this.#server = Bun.serve({
      ...target,
      ...(https === true ? { tls: serverOptions } : {}),
      idleTimeout,
      fetch: (request, server) => this.fetch(request, { remoteAddress: server.requestIP(request)?.address }),
    });
    this.#path = path;
    return this.address as ListenAddress;
  }

  protected override async closeServer({ timeout = 10_000 }: CloseOptions): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    const cut = setTimeout(() => void server.stop(true), timeout);
    await server.stop(false);
    clearTimeout(cut);
    this.#server = undefined;
    this.#path = undefined;
  }
}
