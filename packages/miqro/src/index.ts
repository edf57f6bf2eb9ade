import type { Server } from "./composition/server.js";

export type { SessionHandlerOptions } from "@miqro/core";
export { defineRoute } from "@miqro/core";
export * as jwt from "@miqro/core/jwt";
export type { MigrationModule } from "@miqro/query";
export type { Server } from "./composition/server.js";
export type { MiqroErrorCode, Problem } from "./errors.js";
export { MiqroError, StartError } from "./errors.js";
export { Miqro } from "./server/miqro.js";
export type { MiqroOptions } from "./server/miqro-options.js";
export type { StopOptions } from "./server/running-composition.js";
export type {
  APIOptions,
  AuthConfig,
  DBConfig,
  ErrorConfig,
  MiddlewareConfig,
  ServerConfig,
  WSConfig,
} from "./service/types.js";

declare module "@miqro/core" {
  interface Request {
    /** The running composition: databases, sockets and what else handlers need of it. */
    server: Server;
  }
}
