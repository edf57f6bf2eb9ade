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

/** The running composition, which every handler finds as `req.server`. It is frozen. */
export interface Server {
  readonly db: {
    /** The database of that name, or null when no service has one. A `Register` of the project gives it its types. */
    get<Name extends DatabaseName>(name: Name): RegisteredDatabase<Name>;
    get(name: string): Database | null;
    /**
     * Resolves with the state of every migration of every database, in the order in which they run. It changes
     * nothing.
     */
    getMigrations(): Promise<readonly DatabaseMigration[]>;
    /** Runs the migrations that are due, or undoes all of them, last first. */
    migrate(direction: "up" | "down"): Promise<void>;
  };
  readonly ws: {
    /** The WebSocket server of that path, or undefined when no service has one. */
    get(path: string): WebSocketServer | undefined;
    /** Closes every connection of every WebSocket server; clients may come back. */
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
  /** Carries events and counts between all workers of this server; `res.sse({ channel })` follows its channels. */
  readonly relay: Relay;
  /** The cache of this process alone. A reload ends it. */
  readonly localCache: LocalCache;
  /** Makes a cache that all workers share, and that `ready()` has to open. A name can be opened once in a process. */
  newClusterCache(name: string, options?: ClusterCacheOptions): ClusterCache;
  /** Makes a cache of this process alone. */
  newLocalCache(options?: CacheOptions): LocalCache;
  /** True in worker 0, and if there are no workers. With a backplane on Redis, in worker 0 of one machine. */
  isPrimaryWorker(): boolean;
  /** 0 and up; 0 if there are no workers. */
  getWorkerNumber(): number;
  /** 1 if there are no workers. */
  getWorkerCount(): number;
  /**
   * The URL at which the server listens, such as `http://localhost:8080`, without a slash at its end; undefined before
   * it does. A server that listens on all addresses is named `localhost`.
   */
  readonly url: string | undefined;
  /**
   * Has all workers replaced one by one, each when its successor listens, and resolves when all successors serve. No
   * request is lost. In a process without workers it is the `reload()` of its `Miqro`.
   * @throws {MiqroError} `MIQRO_START`, or a `StartError`, when the new version fails: the old one goes on then
   */
  reload(): Promise<void>;
  /**
   * The same as `reload()` where there are workers, since a new worker is a new process; else `restart()` of the
   * `Miqro`.
   */
  restart(): Promise<void>;
  /**
   * Opens a page in a browser on the machine of the server, the one of its developer.
   * @param url - `http` or `https`; default: the address of the server
   */
  openBrowser(url?: string): Promise<void>;
  /** Lets the server end: requests in flight, that of the caller too, are answered first. */
  stop(): void;
  /** Escapes text for HTML, in attributes too. */
  encodeHTML(text: string): string;
  /** Renders Markdown. Raw HTML is escaped and links are checked, unless `{ unsafe: true }`. */
  inflateMDtoHTML(markdown: string, options?: MarkdownOptions): string;
  /** A validator with its own types. */
  newParser(): Parser;
  /** A logger whose level `LOG_LEVEL_IDENTIFIER` or `LOG_LEVEL` sets. */
  getLogger(identifier: string): Logger;
}
