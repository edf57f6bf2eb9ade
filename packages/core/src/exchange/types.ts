import type { IncomingMessage, ServerResponse } from "node:http";
import type { SerializeOptions } from "cookie";
import type { BadRequestError } from "../errors.js";
import type { LoggerLike } from "../log/types.js";
import type { EventStream, EventStreamOptions } from "../reply/event-stream-types.js";

/** Headers of a reply. An array sends the header several times. */
export type ReplyHeaders = Readonly<Record<string, string | number | readonly string[]>>;

/** The parameters of a path. `*` is the part of the path that a wildcard matches. */
export interface Params {
  [name: string]: string;
}

/** The parsed query. A repeated key becomes an array. */
export interface Query {
  [key: string]: string | string[];
}

/** The cookies of a request. */
export interface Cookies {
  [name: string]: string;
}

/** The user of a request, as the `verify` of a session handler returned it. */
export interface Session {
  /** The tenant. */
  account: string;
  /** The name of the user. */
  username: string;
  /** The groups of the user, which policies check. */
  groups: string[];
  /** The token that was verified. */
  token?: string | undefined;
  [field: string]: unknown;
}

/**
 * The declarations of a project about its requests, by declaration merging. `session` is the type of `req.session`.
 *
 * @example `declare module "@miqro/core" { interface Register { session: MySession | undefined } }`
 */
// biome-ignore lint/suspicious/noEmptyInterface: it is for projects to fill
export interface Register {}

/**
 * The type of `req.session`: the type that the project registered. Otherwise a {@link Session}, after a session handler
 * has found one.
 */
export type RegisteredSession = Register extends { readonly session: infer Registered }
  ? Registered
  : Session | undefined;

/**
 * Add your own fields to every request by declaration merging: `declare module "@miqro/core" { interface Request {
 * tenant: string } }`.
 *
 * Add fields of your own to every request by declaration merging:
 * `declare module "@miqro/core" { interface Request { tenant: string } }`.
 */
export interface Request extends IncomingMessage {
  /** The method in capitals, as it was sent. */
  method: string;
  /** The target as it was sent: mostly a path with its query. */
  url: string;
  /** The path that routes and guards see: decoded once, without duplicate slashes, dot segments and a trailing slash. */
  path: string;
  /** The path as it was sent. */
  pathname: string;
  /** The fragment with its `#`, or an empty string. */
  hash: string;
  /** The query as `URLSearchParams`. */
  searchParams: URLSearchParams;
  /** The query by key, without a prototype. If the route has a schema for it, the values that the schema made. */
  query: Query;
  /** The parameters of the route that runs, decoded once. `*` is the part of the path that a wildcard matches. */
  params: Params;
  /** The cookies by name, decoded, without a prototype. */
  cookies: Cookies;
  /** The result of a body parser; `undefined` without one. */
  body: unknown;
  /**
   * The reason why the request does not match its route, if the route lets its handler answer such requests (`invalid:
   * "pass"`).
   */
  problem?: BadRequestError | undefined;
  /** The raw body, if `ReadBuffer` or a body parser has read it; otherwise empty. */
  buffer: Buffer;
  /** The session, after a session handler has found one. */
  session: RegisteredSession;
  /** The id of this request: `X-Request-Id` of a trusted proxy, else a random id. */
  uuid: string;
  /** The time when the request came in, in milliseconds since 1970. */
  startMS: number;
  /** Writes lines with the id of this request, at the level of its route. */
  logger: LoggerLike;
  /** The values that middleware returned, in order. */
  results: unknown[];
  /** The address of the client. Behind a trusted proxy, it is the address that the proxy forwards. */
  ip: string;
  /** `http` or `https`. */
  protocol: string;
  /** The host that the client asked for, without its port. */
  hostname: string;
  /** Is aborted when the client goes away before the answer is complete, or when its handler takes too long. */
  signal: AbortSignal;
  /** The same request as a web `Request`, made when it is first read. It shares its body with the body parsers. */
  readonly request: globalThis.Request;
  /** The status and headers for `new Response(body, req.responseState)`. Returned data is sent with them too. */
  readonly responseState: ResponseState;
  /**
   * Returns the type that the client prefers by its `Accept` header, or false if it accepts none of them.
   *
   * @param types Media types such as `text/markdown`, or short names such as `html`, `json` and `text`. If the client
   * accepts several equally, the first one is returned.
   */
  accepts(...types: string[]): string | false;
}

/** The status and headers of an answer that has not been made yet. */
export interface ResponseState {
  /** The status. Default 200. */
  status: number;
  /** Headers that the answer is sent with. */
  readonly headers: Headers;
}

/** A request to which middleware can add any field. */
// biome-ignore lint/suspicious/noExplicitAny: the fields that middleware adds are open by design
export type OpenRequest = Request & { [field: string]: any };

/** The options of {@link Response.asyncEnd}. */
export interface EndOptions {
  /** The status. Default 200. */
  readonly status?: number;
  /** Headers of the answer. */
  readonly headers?: ReplyHeaders;
  /** The body. It is sent unchanged, so set a `Content-Type` for it. */
  readonly body?: string | ArrayBufferView | ArrayBuffer;
}

/** The options of {@link Response.sendFile}. */
export interface SendFileOptions {
  /** The folder. The file must lie in it, even if the path points elsewhere. */
  readonly root: string;
  /**
   * The `Cache-Control` of the file, unless one is set. Default `no-cache`: clients ask each time whether the file has
   * changed.
   */
  readonly cacheControl?: string;
}

/** The attributes of a cookie. Defaults: `HttpOnly`, `SameSite=Lax`, `Path=/`, and under HTTPS `Secure`. */
export type CookieOptions = SerializeOptions;

/** An answer: Node's own object, with methods that send a whole reply in one write. */
export interface Response extends ServerResponse {
  /**
   * A nonce for scripts and styles. It is made when it is first read, and is then written into the content security
   * policy of this answer. `undefined` if no policy of `SecurityHeaders` uses a nonce, and after the head has left.
   */
  readonly cspNonce: string | undefined;
  /** Sends JSON. `status` is by default `statusCode` (200). */
  json(body: unknown, headers?: ReplyHeaders, status?: number): void;
  /** Sends HTML, unchanged. Bytes are UTF-8. */
  html(body: string | Uint8Array, headers?: ReplyHeaders, status?: number): void;
  /** Sends plain text. */
  text(body: string, headers?: ReplyHeaders, status?: number): void;
  /** Sends JavaScript. */
  js(body: string, headers?: ReplyHeaders, status?: number): void;
  /**
   * Sends any value by the rules for returned values. `null` and `undefined` give 204. It returns a promise only for a
   * value that a renderer renders. If nobody awaits the promise, its error is answered.
   */
  send(value: unknown): void | Promise<void>;
  /** Redirects the client. `status` is by default 302. */
  redirect(url: string, headers?: ReplyHeaders, status?: number): void;
  /**
   * Sends a reply, and resolves when the system has accepted all of it. Rejects if the client disconnects before that.
   */
  asyncEnd(options?: EndOptions): Promise<void>;
  /**
   * Sends a file of a folder, or the ranges that the client asks for, with its type, `ETag` and `Last-Modified`.
   * Rejects with a 404 if the file may not be served. If nobody awaits the promise, the 404 is answered.
   */
  sendFile(path: string, options: SendFileOptions): Promise<void>;
  /**
   * Adds a cookie. The value is encoded. A name or attribute that cannot be written throws an {@link ArgumentError}.
   */
  setCookie(name: string, value: string, options?: CookieOptions): void;
  /** Tells the client to forget a cookie. `path` and `domain` must be the same as when the cookie was set. */
  clearCookie(name: string, options?: CookieOptions): void;
  /** Adds a name to `Vary`; `*` replaces all. */
  addVaryHeader(name: string): void;
  /** Opens a stream of Server-Sent Events. It stays open until it is closed or the client goes away. */
  sse(options?: EventStreamOptions): EventStream;
  /**
   * Runs the callback after the answer has left or the client has gone, in order of registration. A failure is logged.
   */
  defer(callback: () => unknown): void;
}

/** Answers a request, or returns the value to send. */
export type Handler = (req: Request, res: Response) => unknown;

/** Runs before routes, and may add fields to the request. */
export type Middleware = (req: OpenRequest, res: Response) => unknown;

/**
 * Gets the error that a handler threw. It answers, returns data to send with the error's status, or leaves the error to
 * the next error handler.
 */
export type ErrorHandler = (err: Error, req: OpenRequest, res: Response) => unknown;

/** Renders the values that it knows to HTML, so that handlers can return them. */
export interface Renderer {
  /** Whether this renderer knows a value that a handler returned. */
  test(value: unknown): boolean;
  /** Makes the HTML of a value that passed the test. */
  render(value: unknown, req: Request, res: Response): string | Promise<string>;
}
