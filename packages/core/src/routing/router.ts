import { ArgumentError } from "../errors.js";
import type { ServedRequest, ServedResponse } from "../http/served.js";
import type { ErrorHandler, Handler, Middleware, Request, Response } from "../http/types.js";
import type { LoggerLike } from "../log/types.js";
import type { WebSocketServer } from "../websocket/websocket-server.js";
import { allMethods, parseMethods, upgradeMethod } from "./methods.js";
import { joinPatterns, type Pattern, parsePattern, toPath } from "./pattern.js";
import type { RouterRecords } from "./records.js";
import { createGuardPlans, createRoutePlans, type StepPlan, toPlan } from "./route-steps.js";
import { RoutingTable, toIdentifier } from "./routing-table.js";
import type {
  APIRoute,
  HandlerWithOptions,
  Mountable,
  RouteEntry,
  RouteHandler,
  RouteJSONDoc,
  RouteOptions,
  RouterJSONDoc,
} from "./types.js";

type Path = string | readonly string[];

/** Reads what a router was told, and links it to the routers around it. For the routing table only. */
export let recordsOf: (router: Router) => RouterRecords;

/** How a router treats its handlers. */
export interface RouterOptions {
  /**
   * How long one asynchronous handler may take before 503 is answered in its place, in milliseconds. Default: as the
   * router around it; 0 is no limit.
   */
  readonly handlerTimeout?: number;
}

/** A set of routes with the middleware, error handlers and fallbacks around them. */
export class Router {
  readonly #records: RouterRecords;
  readonly #parents = new Set<Router>();
  // For `run`, which does without the app around this router.
  #ownTable: RoutingTable | undefined;

  constructor(options: RouterOptions = {}) {
    const { handlerTimeout } = options;
    if (handlerTimeout !== undefined && !(handlerTimeout >= 0)) {
      throw new ArgumentError(`handlerTimeout is a number of milliseconds, not ${handlerTimeout}.`);
    }
    this.#records = {
      handlerTimeout,
      guards: [],
      routes: [],
      mounts: [],
      fallbacks: [],
      catchers: [],
      after: [],
      sockets: [],
    };
  }

  static {
    recordsOf = (router) => router.#records;
  }

  /**
   * Adds middleware, which runs before the routes of this router, or mounts a router.
   *
   * @param handler A function, a router, a handler with options, or a list of these.
   * @param path Where it applies: there and below. Everywhere unless given.
   * @param method With a method other than `use`, the handler is a route of exactly this path.
   * @param options What else is declared for it.
   */
  use(handler: Mountable, path?: Path | null, method?: Path, options?: RouteOptions): this;
  /** Adds middleware, or mounts routers, at and below a path. */
  use(path: Path, ...handlers: Mountable[]): this;
  use(first: Mountable | Path, ...rest: unknown[]): this {
    if (isPath(first)) {
      if (rest.length === 0) throw new ArgumentError("`use(path, ...handlers)` needs at least one handler.");
      for (const handler of rest) this.#mount(handler as Mountable, { path: first, method: "use" });
      return this;
    }
    const [path, method, options] = rest as [
      Path | null | undefined,
      Path | undefined,
      RouteOptions | undefined,
    ];
    if (typeof path === "function" || path instanceof Router) {
      throw new ArgumentError("`use` takes one handler, or a list, or a path and then handlers.");
    }
    const own = path === undefined ? {} : { path };
    this.#mount(first as Mountable, { ...options, ...own, method: method ?? options?.method ?? "use" });
    return this;
  }

  /** Answers GET, and HEAD where nothing else does. The last handler answers; those before it are middleware. */
  get(path: Path, ...handlers: RouteHandler[]): this {
    return this.#route("GET", path, handlers);
  }

  /** Answers POST. The last handler answers; those before it are middleware. */
  post(path: Path, ...handlers: RouteHandler[]): this {
    return this.#route("POST", path, handlers);
  }

  /** Answers PUT. The last handler answers; those before it are middleware. */
  put(path: Path, ...handlers: RouteHandler[]): this {
    return this.#route("PUT", path, handlers);
  }

  /** Answers PATCH. The last handler answers; those before it are middleware. */
  patch(path: Path, ...handlers: RouteHandler[]): this {
    return this.#route("PATCH", path, handlers);
  }

  /** Answers DELETE. The last handler answers; those before it are middleware. */
  delete(path: Path, ...handlers: RouteHandler[]): this {
    return this.#route("DELETE", path, handlers);
  }

  /** Answers HEAD, in place of the GET of the same path. */
  head(path: Path, ...handlers: RouteHandler[]): this {
    return this.#route("HEAD", path, handlers);
  }

  /** Answers OPTIONS, in place of the `Allow` that is sent without it. */
  options(path: Path, ...handlers: RouteHandler[]): this {
    return this.#route("OPTIONS", path, handlers);
  }

  /** Answers every method. */
  all(path: Path, ...handlers: RouteHandler[]): this {
    return this.#route(allMethods, path, handlers);
  }

  /** Adds a route with all that is declared for it. */
  route(declaration: APIRoute): this {
    if (typeof declaration !== "object" || declaration === null || !("handler" in declaration)) {
      throw new ArgumentError("A route declaration is an object with a `handler`.");
    }
    const { handler, ...options } = declaration;
    this.#mount(handler as Mountable, { ...options, method: options.method ?? "GET" });
    return this;
  }

  /** Handles what the routes, middleware and nested routers of this router throw. */
  catch(handlers: ErrorHandler | readonly ErrorHandler[]): this {
    for (const handler of [handlers].flat()) {
      this.#records.catchers.push(toPlan(handler, "error handler").run as unknown as ErrorHandler);
    }
    return this.#changed();
  }

  /** Runs after the answer to every request that entered this router. Failures are logged. */
  after(handlers: Middleware | readonly Middleware[]): this {
    for (const handler of [handlers].flat()) {
      toPlan(handler, "handler");
      this.#records.after.push(handler as Middleware);
    }
    return this.#changed();
  }

  /**
   * Runs where no route of this router answered, for every method and every path at and below the router's own. A
   * fallback does not make a path exist: what it leaves unanswered is still a 404 or 405.
   */
  fallback(handlers: Handler | readonly Handler[]): this {
    for (const handler of [handlers].flat()) {
      this.#records.fallbacks.push({ ...toPlan(handler, "fallback"), answers: true });
    }
    return this.#changed();
  }

  /** Answers upgrades on the path of a WebSocket server. They run through the same guards as requests do. */
  webSocket(server: WebSocketServer): this {
    if (server.disabled) return this;
    this.#records.sockets.push(server);
    this.#records.routes.push({
      patterns: parsePattern(server.path),
      methods: [upgradeMethod],
      plans: [{ run: (req, res) => server.accept(req, res), answers: true }],
      options: { name: `WebSocket ${server.path}` },
    });
    return this.#changed();
  }

  /** All routes of this router and those in it, with their whole paths. */
  routes(): RouteEntry[] {
    return collectRoutes(this, []);
  }

  /** What is declared for all routes, by path and method: for documents. */
  getJSONDoc(): RouterJSONDoc {
    const doc: Record<string, Record<string, RouteJSONDoc[]>> = {};
    for (const { method, path, options } of this.routes()) {
      const { name, description, tags, policy, request, response, deprecated } = options;
      const entry = { name, description, tags, policy, request, response, deprecated };
      const known = Object.entries(entry).filter(([, value]) => value !== undefined);
      doc[path] ??= {};
      doc[path][method] ??= [];
      doc[path][method].push({
        identifier: toIdentifier(parsePattern(path)[0], method),
        ...Object.fromEntries(known),
      });
    }
    return doc;
  }

  /** Writes a line for each route. */
  logPaths(logger: Pick<LoggerLike, "info">): void {
    for (const { method, path } of this.routes()) logger.info("%s %s", method, path);
  }

  /** Drops everything that this router was told. Routers that were mounted in it stay as they are. */
  clear(): this {
    for (const { router } of this.#records.mounts) router.#parents.delete(this);
    for (const list of Object.values(this.#records)) if (Array.isArray(list)) list.length = 0;
    return this.#changed();
  }

  /**
   * Runs a request through this router alone, inside a handler of another one. Resolves to true when nothing answered,
   * and rejects with what no error handler of this router took.
   */
  async run(req: Request, res: Response): Promise<boolean> {
    this.#ownTable ??= new RoutingTable(this);
    const table = this.#ownTable;
    const module = await import("./run-router.js");
    return module.runRouter(table, req as ServedRequest, res as ServedResponse);
  }

  /** Runs whenever something was added to this router or to one in it. */
  protected onChange(): void {}

  #route(method: string, path: Path, handlers: readonly RouteHandler[]): this {
    this.#addRoute({ path, method }, handlers.flat());
    return this.#changed();
  }

  #mount(handler: Mountable, options: RouteOptions): void {
    if (Array.isArray(handler)) {
      for (const one of handler as readonly Mountable[]) this.#mount(one, options);
      return;
    }
    if (handler instanceof Router) {
      this.#addRouter(handler, options);
    } else if (isHandlerWithOptions(handler)) {
      const { handler: inner, ...own } = handler;
      this.#mount(inner, { ...options, ...own });
    } else if (isUse(options.method)) {
      this.#addGuard(handler as Middleware, options);
    } else {
      this.#addRoute(options, [handler]);
    }
    this.#changed();
  }

  #addRoute(options: RouteOptions, handlers: readonly unknown[]): void {
    const { path } = options;
    const patterns = path === undefined || path === null ? parsePattern("/*") : toPatterns(path);
    const methods = parseMethods(options.method ?? "GET");
    this.#records.routes.push({ patterns, methods, plans: createRoutePlans(options, handlers), options });
  }

  #addGuard(handler: Middleware, options: RouteOptions): void {
    const plans = [...createGuardPlans(options), toPlan(handler, "middleware")];
    for (const pattern of toMountPatterns(options.path)) {
      for (const plan of plans) this.#records.guards.push({ pattern, plan });
    }
  }

  #addRouter(router: Router, options: RouteOptions): void {
    if (router.#contains(this)) throw new ArgumentError("A router cannot be mounted in itself.");
    const guards: StepPlan[] = createGuardPlans(options);
    for (const pattern of toMountPatterns(options.path))
      this.#records.mounts.push({ pattern, router, guards });
    router.#parents.add(this);
  }

  #contains(other: Router): boolean {
    return other === this || this.#records.mounts.some((mount) => mount.router.#contains(other));
  }

  #changed(): this {
    this.#ownTable = undefined;
    this.onChange();
    for (const parent of this.#parents) parent.#changed();
    return this;
  }
}

function collectRoutes(router: Router, prefix: Pattern): RouteEntry[] {
  const entries: RouteEntry[] = [];
  const { routes, mounts } = recordsOf(router);
  for (const { patterns, methods, options } of routes) {
    for (const method of methods) {
      if (method === upgradeMethod) continue;
      for (const pattern of patterns)
        entries.push({ method, path: toPath(joinPatterns(prefix, pattern)), options });
    }
  }
  for (const mount of mounts) {
    entries.push(...collectRoutes(mount.router, joinPatterns(prefix, mount.pattern ?? [])));
  }
  return entries;
}

function toPatterns(path: Path): Pattern[] {
  return [path].flat().flatMap((one) => parsePattern(one));
}

function toMountPatterns(path: Path | null | undefined): (Pattern | undefined)[] {
  return path === undefined || path === null ? [undefined] : toPatterns(path);
}

function isPath(value: unknown): value is Path {
  return (
    typeof value === "string" || (Array.isArray(value) && value.length > 0 && typeof value[0] === "string")
  );
}

function isUse(method: string | readonly string[] | undefined): boolean {
  return typeof method === "string" && method.toLowerCase() === "use";
}

function isHandlerWithOptions(value: Mountable): value is HandlerWithOptions {
  return typeof value === "object" && value !== null && "handler" in value;
}
