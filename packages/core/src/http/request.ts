import { randomUUID } from "node:crypto";
import { IncomingMessage } from "node:http";
import { parseCookie } from "cookie";
import type { AppContext } from "../app/context.js";
import type { LoggerLike } from "../log/types.js";
import type { Pipeline } from "../pipeline/pipeline.js";
import type { Step } from "../pipeline/step.js";
import { kContext, kResponse, kSegments, kStep, kTarget } from "./internal.js";
import { BareObject, toQuery } from "./query.js";
import type { NodeResponse } from "./response.js";
import { parseTarget, type Target } from "./target.js";
import { toClientAddress } from "./trust-proxy.js";
import type { Cookies, Params, Query, Session } from "./types.js";

const noBuffer = Buffer.alloc(0);

// What is computed when it is first read. Kept apart so that a request that reads nothing allocates nothing.
interface Details {
  searchParams?: URLSearchParams;
  query?: Query;
  cookies?: Cookies;
  params?: Params;
  paramsOf?: unknown;
  uuid?: string;
  startMS?: number;
  logger?: LoggerLike;
  results?: unknown[];
  signal?: AbortSignal;
  path?: string;
  ip?: string;
  protocol?: string;
  hostname?: string;
}

/**
 * The request that the server makes itself: Node's own class with lazy fields. It does not say that it implements
 * `Request`, because it would not any more once a consumer has added a field to that by declaration merging.
 */
export class NodeRequest extends IncomingMessage {
  declare method: string;
  declare url: string;
  declare readonly signal: AbortSignal;
  // Plain fields with a default on the prototype, see below: a request that never sets them does not carry them.
  declare body: unknown;
  declare buffer: Buffer;
  declare session: Session | undefined;

  "miqro:context": AppContext | undefined = undefined;
  "miqro:response": NodeResponse | undefined = undefined;
  "miqro:pipeline": Pipeline | undefined = undefined;
  "miqro:step": Step | undefined = undefined;
  "miqro:bodyRead": Promise<Buffer> | undefined = undefined;
  "miqro:abortBody": ((error: Error) => void) | undefined = undefined;
  #target: Target | undefined = undefined;
  #details: Details | undefined = undefined;

  /** Throws a 400 when the target is malformed. */
  get "miqro:target"(): Target {
    this.#target ??= parseTarget(this.url);
    return this.#target;
  }

  get "miqro:segments"(): readonly string[] {
    const { segments, path } = this[kTarget];
    if (segments !== undefined) return segments;
    return path === "/" ? [] : path.slice(1).split("/");
  }

  get path(): string {
    return this.#details?.path ?? this[kTarget].path;
  }

  set path(value: string) {
    this.#lazy.path = value;
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
    const details = this.#lazy;
    details.searchParams ??= new URLSearchParams(this.#search());
    return details.searchParams;
  }

  get query(): Query {
    const details = this.#lazy;
    details.query ??= toQuery(details.searchParams ?? new URLSearchParams(this.#search()));
    return details.query;
  }

  set query(value: Query) {
    this.#lazy.query = value;
  }

  get params(): Params {
    const details = this.#lazy;
    const slots = this[kStep]?.slots;
    if (details.params === undefined || details.paramsOf !== slots) {
      details.params = this.#readParams();
      details.paramsOf = slots;
    }
    return details.params;
  }

  set params(value: Params) {
    const details = this.#lazy;
    details.params = value;
    details.paramsOf = this[kStep]?.slots;
  }

  get cookies(): Cookies {
    const details = this.#lazy;
    details.cookies ??= readCookies(this.headers.cookie);
    return details.cookies;
  }

  set cookies(value: Cookies) {
    this.#lazy.cookies = value;
  }

  get uuid(): string {
    const details = this.#lazy;
    details.uuid ??= this.#readUuid();
    return details.uuid;
  }

  set uuid(value: string) {
    this.#lazy.uuid = value;
  }

  get startMS(): number {
    const details = this.#lazy;
    details.startMS ??= Date.now();
    return details.startMS;
  }

  set startMS(value: number) {
    this.#lazy.startMS = value;
  }

  get logger(): LoggerLike {
    const details = this.#lazy;
    details.logger ??= this.#context.createLogger(this);
    return details.logger;
  }

  set logger(value: LoggerLike) {
    this.#lazy.logger = value;
  }

  get results(): unknown[] {
    const details = this.#lazy;
    details.results ??= [];
    return details.results;
  }

  set results(value: unknown[]) {
    this.#lazy.results = value;
  }

  get ip(): string {
    const details = this.#lazy;
    details.ip ??= toClientAddress(
      this.socket.remoteAddress ?? "",
      this.#forwarded("x-forwarded-for", false),
      this.#context.isTrusted,
    );
    return details.ip;
  }

  get protocol(): string {
    const details = this.#lazy;
    if (details.protocol === undefined) {
      const forwarded = this.#forwarded("x-forwarded-proto", true)?.toLowerCase();
      const own = "encrypted" in this.socket && this.socket.encrypted === true ? "https" : "http";
      details.protocol = forwarded === "http" || forwarded === "https" ? forwarded : own;
    }
    return details.protocol;
  }

  get hostname(): string {
    const details = this.#lazy;
    if (details.hostname === undefined) {
      const host = this.#forwarded("x-forwarded-host", true) ?? this.headers.host ?? "";
      details.hostname = host.replace(/:\d*$/, "");
    }
    return details.hostname;
  }

  static {
    // Newer versions of Node declare a field of this name, which an accessor cannot override in the language.
    Object.defineProperty(NodeRequest.prototype, "signal", {
      configurable: true,
      get(this: NodeRequest) {
        return this.#openSignal();
      },
    });
  }

  #openSignal(): AbortSignal {
    const details = this.#lazy;
    if (details.signal === undefined) {
      const controller = new AbortController();
      const res = this[kResponse];
      const abort = (): void => controller.abort();
      if (res?.destroyed === true) abort();
      res?.once("close", abort);
      res?.once("finish", () => res.off("close", abort));
      details.signal = controller.signal;
    }
    return details.signal;
  }

  get #lazy(): Details {
    this.#details ??= {};
    return this.#details;
  }

  get #context(): AppContext {
    if (this[kContext] === undefined) throw new TypeError("This request does not belong to an app.");
    return this[kContext];
  }

  #search(): string {
    const { end } = this[kTarget];
    if (this.url.charCodeAt(end) !== 63) return "";
    const hash = this.url.indexOf("#", end);
    return hash === -1 ? this.url.slice(end + 1) : this.url.slice(end + 1, hash);
  }

  #readParams(): Params {
    const params = new BareObject() as Params;
    const slots = this[kStep]?.slots;
    if (slots === undefined) return params;
    const segments = this[kSegments];
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

  #readUuid(): string {
    const given = this.#forwarded("x-request-id", false);
    return given !== undefined && /^[\w.:@/+=-]{1,128}$/.test(given) ? given : randomUUID();
  }

  // The first of several values is what the outermost proxy saw.
  #forwarded(name: string, first: boolean): string | undefined {
    const value = this.headers[name];
    if (typeof value !== "string" || !this.#context.isTrusted(this.socket.remoteAddress ?? "", 0)) {
      return undefined;
    }
    if (!first) return value;
    const comma = value.indexOf(",");
    return (comma === -1 ? value : value.slice(0, comma)).trim();
  }
}

Object.assign(NodeRequest.prototype, { body: undefined, buffer: noBuffer, session: undefined });

function readCookies(header: string | undefined): Cookies {
  const cookies = new BareObject() as Cookies;
  if (header === undefined) return cookies;
  for (const [name, value] of Object.entries(parseCookie(header))) {
    if (value !== undefined && name !== "__proto__") cookies[name] = value;
  }
  return cookies;
}
