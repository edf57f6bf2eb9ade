/// <reference types="node" preserve="true" />
import type { RegisteredSession } from "./req-server/register.js";
import type { Server } from "./req-server/server.js";
import type { MiqroTest } from "./testing/test-global.js";

export type {
  APIHandler,
  APIRoute,
  CORSOptions,
  CookieOptions,
  Cookies,
  ErrorHandler,
  EventStream,
  Handler,
  LoggerLike,
  LogLevel,
  LogRecord,
  Middleware,
  Params,
  Policy,
  Query,
  Reply,
  ReplyHeaders,
  Request,
  RequestDeclaration,
  Response,
  ResponseDeclaration,
  RouteOptions,
  ServerSentEvent,
  Session,
  SessionHandlerOptions,
  TypedRequest,
  TypedResponse,
  UploadedFile,
  WebSocketClient,
  WebSocketServer,
} from "@miqro/core";
export {
  BadRequestError,
  BodyParser,
  ConflictError,
  CSRF,
  defineRoute,
  ForbiddenError,
  HttpError,
  JSONParser,
  MethodNotAllowedError,
  MultipartParser,
  NotFoundError,
  PayloadTooLargeError,
  ReadBuffer,
  Router,
  reply,
  SecurityHeaders,
  TextParser,
  TooManyRequestsError,
  UnauthorizedError,
  UnsupportedMediaTypeError,
  URLEncodedParser,
} from "@miqro/core";
export * as jwt from "@miqro/core/jwt";
export type { Database, MigrationModule, Transaction } from "@miqro/query";
export type { Cache, CacheOptions, ClusterCache, ClusterCacheOptions, LocalCache } from "@miqro/runner/cache";
export { answerHealth } from "@miqro/runner/worker";
export type { AuthConfig } from "./conventions/auth.js";
export type { ErrorConfig } from "./conventions/catch.js";
export type { DBConfig } from "./conventions/db.js";
export type { DocConfig, PublishOptions } from "./conventions/doc.js";
export type { LogConfig } from "./conventions/log.js";
export type { MiddlewareConfig } from "./conventions/middleware.js";
export type { ServerConfig } from "./conventions/server.js";
export type { WSConfig } from "./conventions/ws.js";
export type { MiqroErrorCode, Problem } from "./errors.js";
export { MiqroError, StartError } from "./errors.js";
export type { InflatePath, InflatePaths } from "./http-files/route-file.js";
export type { APIOptions } from "./http-files/route-paths.js";
export type {
  InflatedFile,
  InflateOptions,
  InflateProgress,
  InflateResult,
  LeftOutRoute,
} from "./inflate/inflate-options.js";
export { Miqro } from "./lifecycle/miqro.js";
export type { MiqroOptions } from "./lifecycle/miqro-options.js";
export type { StopOptions } from "./lifecycle/running-composition.js";
export type { LayoutProps } from "./markdown/layout.js";
export type { Register } from "./req-server/register.js";
export type { Server } from "./req-server/server.js";

declare global {
  /** The global `test` of files that `miqro --test` runs: it sends requests to the services, and tests components. */
  var test: MiqroTest;
}

declare module "@miqro/core" {
  interface Request {
    /** The running composition: its databases, its WebSocket servers, and everything else that handlers use. */
    server: Server;
  }
  interface Register {
    session: RegisteredSession;
  }
}
