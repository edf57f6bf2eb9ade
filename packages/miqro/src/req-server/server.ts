import type {
  BodyParserOptions,
  CORSOptions,
  Handler,
  Logger,
  Middleware,
  ReadBufferOptions,
  Relay,
  SessionHandlerOptions,
  WebSocketServer,
} from "@miqro/core";
import type * as jwt from "@miqro/core/jwt";
import type { Parser } from "@miqro/parser";
import type { Database, MigrationState } from "@miqro/query";
import type { Cache, CacheOptions, ClusterCache, ClusterCacheOptions, LocalCache } from "@miqro/runner/cache";
import type { MarkdownOptions } from "../markdown/render-markdown.js";
import type { DatabaseName, RegisteredDatabase } from "./register.js";

/** The state of a migration of a database. */
export interface DatabaseMigration extends MigrationState {
  /** The name of the database. */
  readonly database: string;
}

/** The running composition, which every handler has as `req.server`. It is frozen. */
export interface Server {
  /** The databases of all services. */
  readonly db: {
    /** The database with this name, or null if no service has it. A `Register` of the project adds its types. */
    get<Name extends DatabaseName>(name: Name): RegisteredDatabase<Name>;
    get(name: string): Database | null;
    /**
     * Resolves with the state of every migration of every database, in the order in which they run. It changes
     * nothing.
     */
    getMigrations(): Promise<readonly DatabaseMigration[]>;
    /** Runs the migrations that are due, or undoes all of them, the last one first. */
    migrate(direction: "up" | "down"): Promise<void>;
  };
  /** The WebSocket servers of all services. */
  readonly ws: {
    /** The WebSocket server of this path, or undefined if no service has it. */
    get(path: string): WebSocketServer | undefined;
    /** Closes every connection of every WebSocket server. Clients may connect again. */
    disconnectAll(): Promise<void>;
  };
  /** The middleware of `@miqro/core`. */
  readonly middleware: {
    json(options?: BodyParserOptions): Handler;
    url(options?: BodyParserOptions): Handler;
    text(options?: BodyParserOptions): Handler;
    buffer(options?: ReadBufferOptions): Handler;
    session(options: SessionHandlerOptions): Handler;
    cors(options?: CORSOptions): Middleware;
  };
  /** The functions of `@miqro/core/jwt`. */
  readonly jwt: Pick<typeof jwt, "sign" | "verify" | "decode">;
  /**
   * The cache of all workers of this server. It survives reloads. In a process without workers it is a `LocalCache`.
   */
  readonly cache: Cache;
  /**
   * Shares events and counts between all workers of this server. `res.sse({ channel })` sends the events of a channel
   * to a client.
   */
  readonly relay: Relay;
  /** The cache of this process alone. A reload ends it. */
  readonly localCache: LocalCache;
  /**
   * Makes a cache that all workers share. Call its `ready()` before you use it. Each name can be opened once in a
   * process.
   */
  newClusterCache(name: string, options?: ClusterCacheOptions): ClusterCache;
  /** Makes a cache of this process alone. */
  newLocalCache(options?: CacheOptions): LocalCache;
  /**
   * True in worker 0, and if there are no workers. With a backplane on Redis, it is true in worker 0 of one machine
   * only.
   */
  isPrimaryWorker(): boolean;
  /** A number from 0 on; 0 if there are no workers. */
  getWorkerNumber(): number;
  /** The number of workers; 1 if there are no workers. */
  getWorkerCount(): number;
  /**
   * The URL at which the server listens, such as `http://localhost:8080`, without a slash at its end; undefined before
   * it listens. If the server listens on all addresses, the host is `localhost`.
   */
  readonly url: string | undefined;
  /**
   * Replaces all workers one by one, each when its successor listens. Resolves when all successors serve. No request is
   * lost. In a process without workers it calls `reload()` of its `Miqro`.
   * @throws {MiqroError} `MIQRO_START`, or a `StartError`, if the new version fails; the old version then continues
   */
  reload(): Promise<void>;
  /**
   * The same as `reload()` if there are workers, since a new worker is a new process. Otherwise it calls `restart()` of
   * the `Miqro`.
   */
  restart(): Promise<void>;
  /**
   * Opens a page in a browser on the machine of the server. This is useful if the developer works on that machine.
   * @param url - `http` or `https`; default: the address of the server
   */
  openBrowser(url?: string): Promise<void>;
  /** Ends the server. Open requests are answered first, including the request of the caller. */
  stop(): void;
  /** Escapes text for HTML, also for attributes. */
  encodeHTML(text: string): string;
  /** Renders Markdown. Raw HTML is escaped and links are checked, unless `{ unsafe: true }`. */
  inflateMDtoHTML(markdown: string, options?: MarkdownOptions): string;
  /** A validator with its own types. */
  newParser(): Parser;
  /** A logger whose level `LOG_LEVEL_IDENTIFIER` or `LOG_LEVEL` sets. */
  getLogger(identifier: string): Logger;
}
