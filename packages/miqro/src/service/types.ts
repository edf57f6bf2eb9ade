import type {
  ErrorHandler,
  Middleware,
  RouteOptions,
  SessionHandlerOptions,
  WebSocketServerOptions,
} from "@miqro/core";
import type { DatabaseOptions } from "@miqro/query";
import type { Server } from "../req-server/server.js";

/** What `db.ts` exports by default; a list of these names several databases. */
export interface DBConfig extends Omit<DatabaseOptions, "name" | "logger"> {
  /** The name for `req.server.db.get(name)`, unique over all services. */
  name: string;
  /** True leaves the database out. */
  disabled?: boolean;
}

/** What `ws.ts` exports by default; a list of these makes several sockets. */
export interface WSConfig extends WebSocketServerOptions {
  /** The path for `req.server.ws.get(path)`, unique over all services. */
  path: string;
  /** True leaves the socket out. */
  disabled?: boolean;
}

/** What `auth.ts` exports by default. */
export type AuthConfig = SessionHandlerOptions;

/** What `server.ts` exports by default. */
export interface ServerConfig {
  /** Runs before databases connect. */
  preload?(server: Server): unknown;
  /** Runs when databases are connected and migrated, before listening. */
  load?(server: Server): unknown;
  /** Runs when the server listens. */
  start?(server: Server): unknown;
  /** Runs on shutdown, after the last answer. */
  stop?(server: Server): unknown;
  /** Runs before `stop`, and before a reload. */
  unload?(server: Server): unknown;
}

/** What `middleware.ts` exports by default. */
export interface MiddlewareConfig {
  /** Runs before the routes of the service. */
  middleware?: Middleware | Middleware[];
  /** Runs after the answer to every request that entered the service. */
  post?: Middleware | Middleware[];
}

/** What `catch.ts` exports by default. */
export interface ErrorConfig {
  catch: ErrorHandler | ErrorHandler[];
}

/** What a file below `http/` may export as `apiOptions`: all of a route declaration but its handler. */
export interface APIOptions extends RouteOptions {
  /** Relative to the file's folder; null fits every path below it. Defaults to the file's name. */
  readonly path?: string | readonly string[] | null | undefined;
}
