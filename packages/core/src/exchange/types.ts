import type { IncomingMessage, ServerResponse } from "node:http";
import type { SerializeOptions } from "cookie";
import type { BadRequestError } from "../errors.js";
import type { LoggerLike } from "../log/types.js";
import type { EventStream, EventStreamOptions } from "../reply/event-stream-types.js";

/** Headers given to a reply. A list sends the header several times. */
export type ReplyHeaders = Readonly<Record<string, string | number | readonly string[]>>;

/** The parameters of a path. `*` is what a wildcard tail stands for. */
export interface Params {
  [name: string]: string;
}

/** The parsed query; a repeated key gives a list. */
export interface Query {
  [key: string]: string | string[];
}

/** The cookies of a request. */
export interface Cookies {
  [name: string]: string;
}

/** Who is asking, as the `verify` of a session handler returned it. */
export interface Session {
  /** The tenant. */
  account: string;
  /** The name of the user. */
  username: string;
  /** What the user belongs to; policies ask for these. */
  groups: string[];
  /** The token that was verified. */
  token?: string | undefined;
  [field: string]: unknown;
}

/**
 * What a project declares about its requests, by declaration merging: `session` is the type of `req.session`.
 *
 * @example `declare module "@miqro/core" { interface Register { session: MySession | undefined } }`
 */
// biome-ignore lint/suspicious/noEmptyInterface: it is for projects to fill
export interface Register {}

/** What `req.session` is: what the project registered, else a {@link Session}, once a session handler has found one. */
export type RegisteredSession = Register extends { readonly session: infer Registered }
  ? Registered
  : Session | undefined;

/**
 * A request: Node's own, with fields that are computed when they are first read.
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
  /** The query, as the web knows it. */
  searchParams: URLSearchParams;
  /** The query by key, without a prototype; what the route's schema made of it, where there is one. */
  query: Query;
  /** The parameters of the route that runs, decoded once; `*` is what a wildcard stands for. */
  params: Params;
  /** The cookies by name, decoded, without a prototype. */
  cookies: Cookies;
  /** What a body parser made of the body; `undefined` without one. */
  body: unknown;
  /** Why the request does not fit its route, where the route lets its handler answer that (`invalid: "pass"`). */
  problem?: BadRequestError | undefined;
  /** The raw body, when `ReadBuffer` or a body parser has read it; else empty. */
  buffer: Buffer;
  /** Who is asking, once a session handler has found out. */
  session: RegisteredSession;
  /** The id of this request: `X-Request-Id` of a trusted proxy, else a random one. */
  uuid: string;
  /** When the request came in, in milliseconds since 1970. */
  startMS: number;
  /** Writes lines with the id of this request, at the level of its route. */
  logger: LoggerLike;
  /** What middleware returned, in order. */
  results: unknown[];
  /** The address of the client; behind a trusted proxy the one that it forwards. */
  ip: string;
  /** `http` or `https`. */
  protocol: string;
  /** The host that the client asked, without its port. */
  hostname: string;
  /** Aborted when the client goes away before the answer is complete, or when its handler takes too long. */
  signal: AbortSignal;
  /** The same request as a web `Request`, made when it is first read. Its body is the one that parsers read too. */
  readonly request: globalThis.Request;
  /** What a returned `new Response(body, req.responseState)` carries on, and what returned data is sent with. */
  readonly responseState: ResponseState;
  /**
   * The type among these that the client prefers by its `Accept` header, or false when it takes none of them.
   *
   * @param types Media types such as `text/markdown`, or short names such as `html`, `json` and `text`; the first is the best in doubt.
   */
  accepts(...types: string[]): string | false;
}

/** The status and headers of an answer that is still to be made. */
export interface ResponseState {
  /** Default 200. */
  status: number;
  /** Headers that the answer is sent with. */
  readonly headers: Headers;
}

/** A request to which fields can be added freely, as middleware does. */
// biome-ignore lint/suspicious/noExplicitAny: the fields that middleware adds are open by design
export type OpenRequest = Request & { [field: string]: any };

/** How {@link Response.asyncEnd} answers. */
export interface EndOptions {
  /** Default 200. */
  readonly status?: number;
  /** Headers of the answer. */
  readonly headers?: ReplyHeaders;
  /** Sent as it is; set a `Content-Type` for it. */
  readonly body?: string | ArrayBufferView | ArrayBuffer;
}

/** How {@link Response.sendFile} finds the file. */
export interface SendFileOptions {
  /** The folder that the file must lie in, whatever the path says. */
  readonly root: string;
  /** The `Cache-Control` of the file, unless one is set. Default `no-cache`: clients ask each time whether it has changed. */
  readonly cacheControl?: string;
}

/** A cookie's attributes; `HttpOnly`, `SameSite=Lax`, `Path=/`, and under HTTPS `Secure`, are on unless said otherwise. */
export type CookieOptions = SerializeOptions;

/** An answer: Node's own, with methods that send a whole reply in one write. */
export interface Response extends ServerResponse {
  /**
   * A nonce for scripts and styles, made when it is first read, and from then on in the content security policy of this
   * answer. `undefined` where `SecurityHeaders` sets no policy that takes one, and when the head has left.
   */
  readonly cspNonce: string | undefined;
  /** Sends JSON. `status` is `statusCode` (200) unless given. */
  json(body: unknown, headers?: ReplyHeaders, status?: number): void;
  /** Sends HTML exactly as given. */
  html(body: string, headers?: ReplyHeaders, status?: number): void;
  /** Sends plain text. */
  text(body: string, headers?: ReplyHeaders, status?: number): void;
  /** Sends JavaScript. */
  js(body: string, headers?: ReplyHeaders, status?: number): void;
  /**
   * Sends any value by the rules for what a handler returns. `null` and `undefined` give 204. The promise, where there is
   * one, is that of a renderer; its error is answered where nobody waits for it.
   */
  send(value: unknown): void | Promise<void>;
  /** Sends the client elsewhere. `status` is 302 unless given. */
  redirect(url: string, headers?: ReplyHeaders, status?: number): void;
  /** Sends a reply and resolves when all of it has been handed to the system. Rejects when the client goes away before. */
  asyncEnd(options?: EndOptions): Promise<void>;
  /** Sends a file of a folder, or the parts of it that the client asks for, with its type, `ETag` and `Last-Modified`. Rejects with a 404 when it may not be had, which is answered where nobody waits for it. */
  sendFile(path: string, options: SendFileOptions): Promise<void>;
  /** Adds a cookie. The value is encoded; a name or attribute that cannot be written throws an {@link ArgumentError}. */
  setCookie(name: string, value: string, options?: CookieOptions): void;
  /** Tells the client to forget a cookie. `path` and `domain` have to be those that it was set with. */
  clearCookie(name: string, options?: CookieOptions): void;
  /** Adds a name to `Vary`; `*` replaces all. */
  addVaryHeader(name: string): void;
  /** Opens a stream of Server-Sent Events, which stays open until it is closed or the client goes away. */
  sse(options?: EventStreamOptions): EventStream;
  /** Runs after the answer has left or the client has gone, in order of registration. A failure is logged. */
  defer(callback: () => unknown): void;
}

/** Answers a request, or returns what is to be sent. */
export type Handler = (req: Request, res: Response) => unknown;

/** Runs before routes, and may add fields to the request. */
export type Middleware = (req: OpenRequest, res: Response) => unknown;

/** Gets what a handler threw; answers it, returns data to send with its status, or leaves it to the next one. */
export type ErrorHandler = (err: Error, req: OpenRequest, res: Response) => unknown;

/** Renders the values that it recognises to HTML, so that handlers can return them. */
export interface Renderer {
  /** Whether this renderer knows a value that a handler returned. */
  test(value: unknown): boolean;
  /** Makes the HTML of a value that passed the test. */
  render(value: unknown, req: Request, res: Response): string | Promise<string>;
}
