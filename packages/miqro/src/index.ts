import type { Server } from "./req-server/server.js";

export type { SessionHandlerOptions } from "@miqro/core";
export { defineRoute } from "@miqro/core";
export * as jwt from "@miqro/core/jwt";
export type { MigrationModule } from "@miqro/query";
export type { AuthConfig } from "./conventions/auth.js";
export type { ErrorConfig } from "./conventions/catch.js";
export type { DBConfig } from "./conventions/db.js";
export type { MiddlewareConfig } from "./conventions/middleware.js";
export type { ServerConfig } from "./conventions/server.js";
export type { WSConfig } from "./conventions/ws.js";
export type { MiqroErrorCode, Problem } from "./errors.js";
export { MiqroError, StartError } from "./errors.js";
export type { APIOptions } from "./http-files/route-paths.js";
export { Miqro } from "./lifecycle/miqro.js";
export type { MiqroOptions } from "./lifecycle/miqro-options.js";
export type { StopOptions } from "./lifecycle/running-composition.js";
export type { Server } from "./req-server/server.js";

declare module "@miqro/core" {
  interface Request {
    /** The running composition: databases, sockets and what else handlers need of it. */
    server: Server;
  }
}
