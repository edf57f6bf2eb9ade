import type { Server } from "./req-server/server.js";

export type { SessionHandlerOptions } from "@miqro/core";
export { defineRoute } from "@miqro/core";
export * as jwt from "@miqro/core/jwt";
export type { MigrationModule } from "@miqro/query";
export type { MiqroErrorCode, Problem } from "./errors.js";
export { MiqroError, StartError } from "./errors.js";
export { Miqro } from "./lifecycle/miqro.js";
export type { MiqroOptions } from "./lifecycle/miqro-options.js";
export type { StopOptions } from "./lifecycle/running-composition.js";
export type { Server } from "./req-server/server.js";
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
