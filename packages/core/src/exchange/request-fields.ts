import type { IncomingHttpHeaders } from "node:http";
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import { BadRequestError } from "../errors.js";
import type { LoggerLike } from "../log/types.js";
import { loadOnUse } from "../platform/builtins.js";
import { negotiate } from "./accept.js";
import { captureContext } from "./async-context.js";
import {
  kContext,
  kDetails,
  kHost,
  kParams,
  kParamsOf,
  kResponse,
  kSegments,
  kSplit,
  kStep,
  kTarget,
} from "./internal.js";
import { BareObject, toQuery } from "./query.js";
import type {
  AppContext,
  BodyReader,
  BodySink,
  Client,
  Pipeline,
  RequestDetails,
  ServedRequest,
  ServedResponse,
  Step,
  Target,
} from "./served.js";
import { isHost, parseTarget } from "./target.js";
import { findClient, pickForwarded, toPlainAddress, trustNone } from "./trust-proxy.js";
import type { Cookies, Params, Query, ResponseState, Session } from "./types.js";

/** Plain fields with a default on the prototype. If a request never sets a field, it does not contain the field. */
export const defaultFields: { body: unknown; buffer: Buffer; session: Session | undefined } = {
  body: undefined,
  buffer: Buffer.alloc(0),
  session: undefined,
};

/**
 * The fields that both request classes have in addition to Node's fields. They are copied to the prototypes of these
 * classes. The classes already inherit from classes of Node, so nothing here is private by `#`.
 */
export abstract class RequestFields {
  declare method: string;
  declare url: string;
  declare headers: IncomingHttpHeaders;
  declare socket: Socket;
  declare body: unknown;
  declare buffer: Buffer;
  declare session: Session | undefined;
  declare "miqro:context": AppContext | undefined;
  declare "miqro:response": ServedResponse | undefined;
  declare "miqro:pipeline": Pipeline | undefined;
  declare "miqro:step": Step | undefined;
  declare "miqro:bodyRead": PromiseLike<undefined> | undefined;
  declare "miqro:abortBody": BodyReader | undefined;
  declare "miqro:sink": BodySink | undefined;
  declare "miqro:split": Target | undefined;
  declare "miqro:details": RequestDetails | undefined;
  declare "miqro:params": Params | undefined;
  declare "miqro:paramsOf": Step["slots"];

  /** Throws a 400 when the target is malformed. */
  get "miqro:target"(): Target {
    this[kSplit] ??= parseTarget(this.url);
    return this[kSplit];
  }

  get "miqro:segments"(): readonly string[] {
    const { segments, path } = this[kTarget];
    if (segments !== undefined) return segments;
    return path === "/" ? [] : path.slice(1).split("/");
  }

  get path(): string {
    return this[kDetails]?.path ?? this[kTarget].path;
  }

  set path(value: string) {
    toDetails(this).path = value;
  }

  get pathname(): string {
    const { start, end } = this[kTarget];
    return start === end ? "/" : this.url.slice(start, end);
  }

  get hash(): string {
    const at = this.url.indexOf("#");
    return at === -1 ? "" : this.url.slice(at);
  }

  get searchParams(): URLSearchParams {
    const details = toDetails(this);
    details.searchParams ??= new URLSearchParams(readSearch(this));
    return details.searchParams;
  }

  get query(): Query {
    const details = toDetails(this);
    details.query ??= toQuery(details.searchParams ?? new URLSearchParams(readSearch(this)));
    return details.query;
  }

  set query(value: Query) {
    toDetails(this).query = value;
  }

  get params(): Params {
    const slots = this[kStep]?.slots;
    if (this[kParams] === undefined || this[kParamsOf] !== slots) {
      this[kParams] = readParams(this, slots);
      this[kParamsOf] = slots;
    }
    return this[kParams];
  }

  set params(value: Params) {
    this[kParams] = value;
    this[kParamsOf] = this[kStep]?.slots;
  }

  get cookies(): Cookies {
    const details = toDetails(this);
    details.cookies ??= readCookies(this.headers.cookie);
    return details.cookies;
  }

  set cookies(value: Cookies) {
    toDetails(this).cookies = value;
  }

  get uuid(): string {
    const details = toDetails(this);
    details.uuid ??= readUUID(this);
    return details.uuid;
  }

  set uuid(value: string) {
    toDetails(this).uuid = value;
  }

  get startMS(): number {
    const details = toDetails(this);
    details.startMS ??= Date.now();
    return details.startMS;
  }

  set startMS(value: number) {
    toDetails(this).startMS = value;
  }

  get logger(): LoggerLike {
    const details = toDetails(this);
    details.logger ??= contextOf(this).createLogger(this as unknown as ServedRequest);
    return details.logger;
  }

  set logger(value: LoggerLike) {
    toDetails(this).logger = value;
  }

  get results(): unknown[] {
    const details = toDetails(this);
    details.results ??= [];
    return details.results;
  }

  set results(value: unknown[]) {
    toDetails(this).results = value;
  }

  get ip(): string {
    return clientOf(this).address;
  }

  get protocol(): string {
    const details = toDetails(this);
    if (details.protocol === undefined) {
      const forwarded = readForwarded(this, "x-forwarded-proto")?.toLowerCase();
      const own = "encrypted" in this.socket && this.socket.encrypted === true ? "https" : "http";
      details.protocol = forwarded === "http" || forwarded === "https" ? forwarded : own;
    }
    return details.protocol;
  }

  get "miqro:host"(): string {
    const forwarded = readForwarded(this, "x-forwarded-host");
    return forwarded && isHost(forwarded) ? forwarded : (this.headers.host ?? "");
  }

  get hostname(): string {
    const details = toDetails(this);
    if (details.hostname === undefined) {
      details.hostname = this[kHost].replace(/:\d*$/, "");
    }
    return details.hostname;
  }

  get signal(): AbortSignal {
    const details = toDetails(this);
    if (details.controller === undefined) {
      const controller = new AbortController();
      const res = this[kResponse];
      // The connection ends in a context of its own.
      const scope = captureContext();
      const abort = (): void => scope.runInAsyncScope(() => controller.abort());
      if (res?.destroyed === true && !res.writableFinished) abort();
      res?.once("close", abort);
      res?.once("finish", () => res.off("close", abort));
      details.controller = controller;
    }
    return details.controller.signal;
  }

  get request(): globalThis.Request {
    const details = toDetails(this);
    details.request ??= toWebRequest(this as unknown as ServedRequest);
    return details.request;
  }

  get responseState(): ResponseState {
    const details = toDetails(this);
    details.responseState ??= { status: 200, headers: new Headers() };
    return details.responseState;
  }

  accepts(...types: string[]): string | false {
    return negotiate(this.headers.accept, types);
  }
}

function toDetails(req: RequestFields): RequestDetails {
  req[kDetails] ??= {};
  return req[kDetails];
}

function contextOf(req: RequestFields): AppContext {
  if (req[kContext] === undefined)
    throw new TypeError(
      "This request does not belong to an App: only requests that an App handles have this field.",
    );
  return req[kContext];
}

function readSearch(req: RequestFields): string {
  const { end } = req[kTarget];
  if (req.url.charCodeAt(end) !== 63) return "";
  const hash = req.url.indexOf("#", end);
  return hash === -1 ? req.url.slice(end + 1) : req.url.slice(end + 1, hash);
}

function readParams(req: RequestFields, slots: Step["slots"]): Params {
  const params = new BareObject() as Params;
  if (slots === undefined) return params;
  const { path, segments: decoded } = req[kTarget];
  const [only] = slots;
  if (decoded === undefined && slots.length === 1 && only !== undefined && only.name !== "*") {
    const segment = readSegment(path, only.index);
    if (segment !== undefined) params[only.name] = segment;
    return params;
  }
  const segments = req[kSegments];
  for (const { name, index } of slots) {
    if (name === "*") {
      params["*"] = segments
        .slice(index)
        .map((segment) => segment.replaceAll("/", "%2F"))
        .join("/");
    } else {
      const segment = segments[index];
      if (segment !== undefined) params[name] = segment;
    }
  }
  return params;
}

// This is the common case. It needs no array of all segments.
function readSegment(path: string, index: number): string | undefined {
  let from = 1;
  for (let skipped = 0; skipped < index; skipped++) {
    from = path.indexOf("/", from) + 1;
    if (from === 0) return undefined;
  }
  const to = path.indexOf("/", from);
  const segment = to === -1 ? path.slice(from) : path.slice(from, to);
  return segment === "" ? undefined : segment;
}

function readUUID(req: RequestFields): string {
  // Node parses the headers on first access, which costs more than an id.
  const { isTrusted } = contextOf(req);
  if (isTrusted === trustNone || !isTrusted(toPlainAddress(req.socket.remoteAddress ?? ""), 0))
    return loadUUID().createUUID();
  const given = req.headers["x-request-id"];
  const isId = typeof given === "string" && /^[\w.:@/+=-]{1,128}$/.test(given);
  return isId && clientOf(req).proxies > 0 ? given : loadUUID().createUUID();
}

const loadUUID = loadOnUse<typeof import("./uuid.js")>(import.meta.url, "./uuid.js");

function clientOf(req: RequestFields): Client {
  const details = toDetails(req);
  const forwarded = req.headers["x-forwarded-for"];
  details.client ??= findClient(
    req.socket.remoteAddress ?? "",
    typeof forwarded === "string" ? forwarded : undefined,
    contextOf(req).isTrusted,
  );
  return details.client;
}

function readForwarded(req: RequestFields, name: string): string | undefined {
  const value = req.headers[name];
  return typeof value === "string" ? pickForwarded(value, clientOf(req).proxies) : undefined;
}

const loadCookies = loadOnUse<typeof import("./cookies.js")>(import.meta.url, "./cookies.js");

// The module is loaded with the first cookie.
function readCookies(header: string | undefined): Cookies {
  return header === undefined ? (new BareObject() as Cookies) : loadCookies().parseCookies(header);
}

// The body of the web request is the stream of this request, so it can be read only once.
function toWebRequest(req: ServedRequest): globalThis.Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(req.headers)) {
    for (const one of [value ?? []].flat()) headers.append(name, one);
  }
  const hasBody = req.method !== "GET" && req.method !== "HEAD";
  // Node and the web platform have different names for the same stream types, and the types do not contain `duplex`
  // yet.
  const init = {
    method: req.method,
    headers,
    signal: req.signal,
    ...(hasBody ? { body: Readable.toWeb(req), duplex: "half" } : {}),
  } as RequestInit;
  return new Request(toWebURL(req), init);
}

// The URL is set field by field. In one string, a path that begins with two slashes would name another host.
function toWebURL(req: ServedRequest): URL {
  const { start, end } = req[kTarget];
  let url: URL;
  try {
    url = new URL(`${req.protocol}://${req[kHost] || "localhost"}`);
  } catch (error) {
    // An example is 1.2.3.4.5: its characters are those of a name, but a URL reads it as an address.
    throw new BadRequestError("The host of the request cannot be that of a URL.", { cause: error });
  }
  // In a web URL a backslash is a slash. For routes and guards it is not.
  url.pathname = req.url.slice(start, end).replaceAll("\\", "%5C");
  url.search = readSearch(req);
  url.hash = req.hash;
  return url;
}
