export type { AppOptions, CloseOptions, ListenAddress, ListenOptions } from "./app/app.js";
export { App } from "./app/app.js";
export type { FetchInfo } from "./app/fetch.js";
export type { InjectedResponse, InjectOptions } from "./app/inject.js";
export type { LoggerFactory } from "./app/request-logging.js";
export type { AnyBodyOptions } from "./body/body-parser.js";
export { mediaTypesOf } from "./body/body-parser-mark.js";
export type { BodyParserOptions } from "./body/create-body-parser.js";
export type { JSONParserOptions } from "./body/json-parser.js";
export type { IncomingFile, MultipartOptions, UploadedFile } from "./body/multipart-types.js";
export type { ReadBufferOptions } from "./body/read-buffer.js";
export type { ArgumentIssue, CoreErrorCode, HttpErrorOptions, Issue } from "./errors.js";
export {
  ArgumentError,
  BadRequestError,
  ConflictError,
  CoreError,
  createError,
  ForbiddenError,
  HttpError,
  InvalidResponseError,
  MethodNotAllowedError,
  NotFoundError,
  PayloadTooLargeError,
  PluginError,
  RequestTimeoutError,
  StateError,
  TooManyRequestsError,
  UnauthorizedError,
  UnsupportedMediaTypeError,
} from "./errors.js";
export { isSameOrigin, parseOrigins } from "./exchange/origin.js";
export type { TrustProxy } from "./exchange/trust-proxy.js";
export type {
  CookieOptions,
  Cookies,
  EndOptions,
  ErrorHandler,
  Handler,
  Middleware,
  OpenRequest,
  Params,
  Query,
  Register,
  RegisteredSession,
  Renderer,
  ReplyHeaders,
  Request,
  Response,
  ResponseState,
  SendFileOptions,
  Session,
} from "./exchange/types.js";
export { ConsoleTransport } from "./log/console-transport.js";
export type { FileTransportOptions } from "./log/file-transport.js";
export { FileTransport } from "./log/file-transport.js";
export type { LoggerOptions } from "./log/logger.js";
export { Logger } from "./log/logger.js";
export type { LogFormatter, LoggerLike, LogLevel, LogRecord, LogTransport } from "./log/types.js";
export type { BasicAuthOptions, Credentials, VerifyCredentials } from "./middleware/basic-auth.js";
export type { CompressionEncoding, CompressionOptions } from "./middleware/compression.js";
export type { ContentSecurityPolicy } from "./middleware/content-security-policy.js";
export type { CORSOptions, ValidateOrigin } from "./middleware/cors.js";
export type { CSRFOptions } from "./middleware/csrf.js";
export type { HealthMiddleware, HealthOptions } from "./middleware/health.js";
export type { MetricsOptions } from "./middleware/metrics.js";
export {
  BasicAuth,
  BodyParser,
  CORS,
  Compression,
  CSRF,
  Health,
  JSONParser,
  Metrics,
  MultipartParser,
  RateLimit,
  ReadBuffer,
  SealedSession,
  SecurityHeaders,
  SessionHandler,
  TextParser,
  Timeout,
  URLEncodedParser,
} from "./middleware/on-use.js";
export type { RateLimitKey, RateLimitOptions } from "./middleware/rate-limit.js";
export type { SecurityHeadersOptions, StrictTransportSecurity } from "./middleware/security-headers.js";
export type { TimeoutOptions } from "./middleware/timeout.js";
export type { CreatedModule } from "./plugins/create-module.js";
export type { PluginOptions } from "./plugins/define-plugin.js";
export type { HookFactory, Hooks } from "./plugins/hook-factory.js";
export type { HookFunctions, SendHook, SentHead, TransformHook } from "./plugins/hook-functions.js";
export type { Module, ModuleMeta, Routes, Scope } from "./plugins/module-types.js";
export { createModule, discoverModules, hook, plugin } from "./plugins/on-use.js";
export type { HookName, Plugin } from "./plugins/plugin.js";
export { LocalRelay } from "./relay/local-relay.js";
export type { PublishOptions, Relay, RelayCount, RelayEvent, SubscribeOptions } from "./relay/types.js";
export type { EventStream, EventStreamOptions, ServerSentEvent } from "./reply/event-stream-types.js";
export type { Reply } from "./reply/reply.js";
export { reply } from "./reply/reply.js";
export type { FieldHandler, FieldRoutes, FieldsOf, WithFields } from "./routing/field-routes.js";
export type { APIRoute, HandlerWithOptions, Mountable, RouterOptions } from "./routing/router.js";
export { defineRoute, Router } from "./routing/router.js";
export type {
  APIHandler,
  ErrorStatus,
  Policy,
  RequestDeclaration,
  RequestPart,
  ResponseDeclaration,
  RouteEntry,
  RouteHandler,
  RouteJSONDoc,
  RouteOptions,
  RouterJSONDoc,
  TypedRequest,
  TypedResponse,
  TypedRoute,
} from "./routing/types.js";
export type { SealedSessionMiddleware } from "./session/sealed-session.js";
export type { SealedSessionOptions, SignedIn } from "./session/sealed-session-options.js";
export type {
  SessionHandlerOptions,
  TokenLocation,
  TokenOptions,
  VerifyArguments,
  VerifySession,
} from "./session/types.js";
export type { StaticOptions } from "./static/static.js";
export { Static } from "./static/static.js";
export type { MessageTrace, RequestTrace, StepTrace } from "./tracing/channels.js";
export type {
  BroadcastOptions,
  ClientSocket,
  DeflateOptions,
  IncomingMessage,
  Payload,
  WebSocketClient,
  WebSocketServerOptions,
} from "./websocket/types.js";
export { WebSocketServer } from "./websocket/websocket-server.js";
