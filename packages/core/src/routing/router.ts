import type { Schema } from "@miqro/parser";
import { ArgumentError, StateError } from "../errors.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import type { ErrorHandler, Handler, Middleware, Request, Response } from "../exchange/types.js";
import type { LoggerLike } from "../log/types.js";
import { checkOptions, describe, Faults } from "../options/check-options.js";
import { either, isCallable, kinds, type OptionKinds } from "../options/kinds.js";
import { loadOnUse } from "../platform/builtins.js";
import type { HookFunctions } from "../plugins/hook-functions.js";
import type { HookName, HookRecord, Plugin } from "../plugins/plugin.js";
import type { WebSocketServer } from "../websocket/websocket-server.js";
import type { WithFields } from "./field-routes.js";
import { allMethods, parseMethods, upgradeMethod } from "./methods.js";
import { compareReach, joinPatterns, type Pattern, parsePattern, toPath } from "./pattern.js";
import type { RouterRecords } from "./records.js";
import { createGuardPlans, createRoutePlans, toPlan } from "./route-steps.js";
import { RoutingTable, toIdentifier } from "./routing-table.js";
import type {
  APIHandler,
  RequestDeclaration,
  ResponseDeclaration,
  RouteEntry,
  RouteHandler,
  RouteJSONDoc,
  RouteOptions,
  RouterJSONDoc,
  TypedRoute,
} from "./types.js";

type Path = string | readonly string[];

/** Returns the registrations of a router. Only for its app. */
export let recordsOf: (router: Router) => RouterRecords;

// Loaded with the first hook or plugin.
const loadRunRouter = loadOnUse<typeof import("./run-router.js")>(import.meta.url, "./run-router.js");
const loadRegister = loadOnUse<typeof import("../plugins/register.js")>(
  import.meta.url,
  "../plugins/register.js",
);

/** Registers a plugin, and records the file that does so. */
export let registerFrom: (router: Router, plugin: Plugin, origin: string) => void;

/** The options of a router. */
export interface RouterOptions {
  /**
   * The longest time of one asynchronous handler, in milliseconds. If it takes longer, the client gets 503. 0 is no
   * limit. Default: the time of the router around it.
   */
  readonly handlerTimeout?: number | undefined;
}

/** A declared route, without types from its schemas. */
export interface APIRoute extends RouteOptions {
  /** Answers the request, or returns the value to send. With `method: "use"`: middleware or a router. */
  readonly handler: APIHandler | Router;
}

/** A handler together with its declaration. */
export interface HandlerWithOptions extends RouteOptions {
  /** Middleware, a router, or an array of these. */
  readonly handler: Middleware | Router | readonly (Middleware | Router)[];
}

/** The values that `use` mounts. */
export type Mountable = Middleware | Router | HandlerWithOptions | readonly Mountable[];

const routerKinds: OptionKinds<RouterOptions> = { handlerTimeout: kinds.time };

const routeKinds: OptionKinds<RouteOptions> = {
  name: kinds.text,
  description: kinds.text,
  tags: kinds.textList,
  path: kinds.path,
  method: kinds.texts,
  policy: kinds.object,
  session: either(kinds.object, kinds.call),
  // The functions in it are checked one by one.
  middleware: kinds.any,
  request: kinds.object,
  response: kinds.object,
  deprecated: kinds.flag,
};
const declarationKinds: OptionKinds<APIRoute> = { ...routeKinds, handler: kinds.any };

/** A set of routes with the middleware, error handlers and fallbacks around them. */
export class Router {
  readonly #records: RouterRecords;
  readonly #parents = new Set<Router>();
  readonly #inner = new Set<Router>();
  // The table for `run`, which works without the app around this router.
  #ownTable: RoutingTable | undefined;

  // The number of routes and routers that were registered.
  #count = 0;

  constructor(options: RouterOptions = {}) {
    checkOptions<RouterOptions>(options, "A router", routerKinds);
    this.#records = {
      handlerTimeout: options.handlerTimeout,
      guards: [],
      routes: [],
      mounts: [],
      fallbacks: [],
      catchers: [],
      unanswered: [],
      after: [],
      hooks: [],
      plugins: [],
      registered: [],
      sockets: [],
    };
  }

  static {
    recordsOf = (router) => router.#records;
    registerFrom = (router, plugin, origin) => void router.#register(plugin, origin);
  }

  /**
   * Adds middleware, which runs before the routes of this router, or mounts a router.
   *
   * @param handler A function, a router, a handler with options, or an array of these.
   * @param path The middleware runs at this path and below it. Default: everywhere.
   * @param method With a method other than `use`, the handler is a route of exactly this path.
   * @param options The rest of the declaration.
   */
  use(handler: Mountable, path?: Path | null, method?: Path, options?: RouteOptions): this;
  /** Adds middleware, or mounts routers, at a path and below it. */
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
      throw new ArgumentError("`use` takes one handler, an array of handlers, or a path and then handlers.");
    }
    if (options !== undefined) {
      checkOptions<RouteOptions>(options, "The fourth argument of `use`", routeKinds);
    }
    const own = path === undefined ? {} : { path };
    this.#mount(first as Mountable, { ...options, ...own, method: method ?? options?.method ?? "use" });
    return this;
  }

  /** Answers GET, and HEAD if no other route does. The last handler answers; the handlers before it are middleware. */
  get(path: Path, ...handlers: [RouteHandler, ...RouteHandler[]]): this {
    return this.#route("GET", path, handlers);
  }

  /** Answers POST. The last handler answers; the handlers before it are middleware. */
  post(path: Path, ...handlers: [RouteHandler, ...RouteHandler[]]): this {
    return this.#route("POST", path, handlers);
  }

  /** Answers PUT. The last handler answers; the handlers before it are middleware. */
  put(path: Path, ...handlers: [RouteHandler, ...RouteHandler[]]): this {
    return this.#route("PUT", path, handlers);
  }

  /** Answers PATCH. The last handler answers; the handlers before it are middleware. */
  patch(path: Path, ...handlers: [RouteHandler, ...RouteHandler[]]): this {
    return this.#route("PATCH", path, handlers);
  }

  /** Answers DELETE. The last handler answers; the handlers before it are middleware. */
  delete(path: Path, ...handlers: [RouteHandler, ...RouteHandler[]]): this {
    return this.#route("DELETE", path, handlers);
  }

  /** Answers HEAD in place of the route for GET. */
  head(path: Path, ...handlers: [RouteHandler, ...RouteHandler[]]): this {
    return this.#route("HEAD", path, handlers);
  }

  /** Answers OPTIONS in place of the automatic answer with `Allow`. */
  options(path: Path, ...handlers: [RouteHandler, ...RouteHandler[]]): this {
    return this.#route("OPTIONS", path, handlers);
  }

  /** Answers every method. */
  all(path: Path, ...handlers: [RouteHandler, ...RouteHandler[]]): this {
    return this.#route(allMethods, path, handlers);
  }

  /** Adds a route with its declaration. */
  route(declaration: APIRoute): this {
    if (typeof declaration !== "object" || declaration === null || !("handler" in declaration)) {
      throw new ArgumentError("A route declaration must be an object with a `handler`.");
    }
    checkDeclaration(declaration);
    const { handler, ...options } = declaration;
    this.#mount(handler as Mountable, { ...options, method: options.method ?? "GET" });
    return this;
  }

  /** Handles the errors that routes, middleware and nested routers of this router throw. */
  catch(handlers: ErrorHandler | readonly ErrorHandler[]): this {
    this.#records.catchers.push(...toErrorHandlers(handlers));
    return this.#changed();
  }

  /**
   * Handles the 404, 405 or 426 of a request that entered this router, if no service answered it. The handlers of the
   * router that was entered last come first. The error handlers of the app come after all routers.
   */
  unanswered(handlers: ErrorHandler | readonly ErrorHandler[]): this {
    this.#records.unanswered.push(...toErrorHandlers(handlers));
    return this.#changed();
  }

  /** Runs after the answer to every request that entered this router. Failures are logged. */
  after(handlers: Middleware | readonly Middleware[]): this {
    for (const handler of [handlers].flat()) {
      toPlan(handler, "handler that runs after the answer");
      this.#records.after.push(handler as Middleware);
    }
    return this.#changed();
  }

  /**
   * Runs if no route of this router answered, for every method and every path at and below the router's own path. A
   * fallback does not make a path exist: if it does not answer, the result is still a 404 or 405.
   */
  fallback(handlers: Handler | readonly Handler[]): this {
    for (const handler of [handlers].flat()) {
      this.#records.fallbacks.push({ ...toPlan(handler, "fallback"), answers: true });
    }
    return this.#changed();
  }

  /**
   * Adds the hooks of a plugin to this router and to the routers inside it, or sets the plugin up when the app starts.
   * If a plugin is registered twice, in this router or in a router around it, it runs once.
   *
   * @returns This router. Handlers that you register on the returned value see the fields that the plugin adds.
   * @throws {StateError} if the app has started, and the plugin has to be set up or runs when an app starts.
   */
  register<Added>(plugin: Plugin<Added>): WithFields<this, Added> {
    return this.#register(plugin, undefined) as WithFields<this, Added>;
  }

  /** Adds a hook to this router and to the routers inside it: the same as `register(hook(name, fn))`. */
  hook<Name extends HookName>(name: Name, fn: HookFunctions<this, Router>[Name]): this {
    return this.#register(loadRegister().toHookPlugin(name, fn as HookRecord["run"]), undefined);
  }

  /** Answers upgrades on the path of a WebSocket server. Upgrades run through the same guards as requests. */
  webSocket(server: WebSocketServer): this {
    if (typeof server?.accept !== "function") {
      throw new ArgumentError(`\`webSocket\` takes a WebSocketServer, not ${describe(server)}.`);
    }
    if (server.disabled) return this;
    const patterns = parsePattern(server.path);
    this.#checkPlaces(patterns);
    this.#records.sockets.push(server);
    this.#records.routes.push({
      order: this.#count++,
      patterns,
      methods: [upgradeMethod],
      plans: [{ run: (req, res) => server.accept(req, res), answers: true }],
      options: { name: `WebSocket ${server.path}` },
    });
    return this.#changed();
  }

  /** Returns all routes of this router and of the routers inside it, with their whole paths. */
  routes(): RouteEntry[] {
    return collectRoutes(this.#records, []);
  }

  /** Returns the declarations of all routes, by path and method: for documents. */
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

  /** Removes all registrations of this router. Routers that were mounted in it stay unchanged. */
  clear(): this {
    for (const router of this.#inner) router.#parents.delete(this);
    this.#inner.clear();
    for (const list of Object.values(this.#records)) if (Array.isArray(list)) list.length = 0;
    return this.#changed();
  }

  /**
   * Runs a request through this router alone, inside a handler of another router. Resolves to true if nothing answered.
   * Rejects with an error that no error handler of this router took.
   */
  async run(req: Request, res: Response): Promise<boolean> {
    if (this.#records.plugins.length > 0) {
      throw new StateError(
        "`run` needs a router whose plugins are set up: mount the router in an App, which sets them up.",
      );
    }
    this.#ownTable ??= new RoutingTable(this.#records);
    const table = this.#ownTable;
    return loadRunRouter().runRouter(table, req as ServedRequest, res as ServedResponse);
  }

  /** Runs after each registration at this router or at a router inside it. */
  protected onChange(): void {}

  /** Whether plugins are set up and hooks of the start have run. Then no more plugins can be registered. */
  protected get hasStarted(): boolean {
    return [...this.#parents].some((parent) => parent.hasStarted);
  }

  #register(plugin: Plugin, origin: string | undefined): this {
    loadRegister().addPlugin(this.#records, this, plugin, origin, this.hasStarted);
    return this.#changed();
  }

  #route(method: string, path: Path, handlers: readonly RouteHandler[]): this {
    if (!kinds.path.test(path) || path === null) {
      throw new ArgumentError(
        `The path of a route for ${method} must be a string such as "/users/:id", not ${describe(path)}; "/*" is every path.`,
      );
    }
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
      checkDeclaration(handler);
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
    const faults = new Faults();
    const { path } = options;
    const patterns = faults.attempt("path", () => toRoutePatterns(path)) ?? [];
    const methods = faults.attempt("method", () => parseMethods(options.method ?? "GET")) ?? [];
    faults.attempt("path", () => this.#checkPlaces(patterns));
    const plans = createRoutePlans(options, handlers, faults);
    const where = `${methods.join(", ")} ${toPath(patterns[0] ?? [])}`;
    throwFaults(faults, "A route", where);
    this.#records.routes.push({ order: this.#count++, patterns, methods, plans, options });
  }

  #addGuard(handler: Middleware, options: RouteOptions): void {
    const faults = new Faults();
    const patterns = faults.attempt("path", () => toMountPatterns(options.path)) ?? [];
    const places = patterns.map((pattern) => pattern ?? []).sort(compareReach);
    faults.attempt("path", () => this.#checkPlaces(places));
    const plans = createGuardPlans(options, faults);
    const plan = faults.attempt("handler", () => toPlan(handler, "middleware"));
    throwFaults(faults, "Middleware", `The middleware of ${toPath(places[0] ?? [])}`);
    if (plan !== undefined) plans.push(plan);
    for (const one of plans) this.#records.guards.push({ patterns: places, plan: one });
  }

  #addRouter(router: Router, options: RouteOptions): void {
    if (contains(router.#records, this.#records)) {
      throw new ArgumentError("A router cannot be mounted in itself.");
    }
    const faults = new Faults();
    const patterns = faults.attempt("path", () => toMountPatterns(options.path)) ?? [];
    faults.attempt("path", () => {
      for (const pattern of patterns) {
        for (const inner of collectPatterns(router.#records)) {
          this.#checkPlaces([joinPatterns(pattern ?? [], inner)]);
        }
      }
    });
    const guards = createGuardPlans(options, faults);
    if (hasPlugins(router.#records) && this.hasStarted) loadRegister().refuseLate(router.#records);
    throwFaults(faults, "A router", `The router at ${toPath(patterns[0] ?? [])}`);
    for (const pattern of patterns) {
      this.#records.mounts.push({ order: this.#count++, pattern, records: router.#records, guards });
    }
    this.#inner.add(router);
    router.#parents.add(this);
  }

  // A parameter name may occur twice because of a router around this one.
  #checkPlaces(patterns: readonly Pattern[]): void {
    for (const parent of this.#parents) {
      for (const { records, pattern = [] } of parent.#records.mounts) {
        if (records === this.#records)
          parent.#checkPlaces(patterns.map((inner) => joinPatterns(pattern, inner)));
      }
    }
  }

  #changed(): this {
    this.#ownTable = undefined;
    this.onChange();
    for (const parent of this.#parents) parent.#changed();
    return this;
  }
}

function contains(records: RouterRecords, other: RouterRecords): boolean {
  return records === other || records.mounts.some((mount) => contains(mount.records, other));
}

/** Whether plugins or hooks were registered at a router or at a router inside it. */
export function hasPlugins({ registered, mounts }: RouterRecords): boolean {
  return registered.length > 0 || mounts.some((mount) => hasPlugins(mount.records));
}

function collectRoutes({ routes, mounts }: RouterRecords, prefix: Pattern): RouteEntry[] {
  const entries: RouteEntry[] = [];
  for (const { patterns, methods, options } of routes) {
    for (const method of methods) {
      if (method === upgradeMethod) continue;
      for (const pattern of patterns)
        entries.push({ method, path: toPath(joinPatterns(prefix, pattern)), options });
    }
  }
  for (const mount of mounts) {
    entries.push(...collectRoutes(mount.records, joinPatterns(prefix, mount.pattern ?? [])));
  }
  return entries;
}

function* collectPatterns({ guards, routes, mounts }: RouterRecords): Generator<Pattern> {
  // A mount creates a new scope, even if the mounted router is empty.
  yield [];
  for (const { patterns } of [...guards, ...routes]) yield* patterns;
  for (const { records, pattern = [] } of mounts) {
    for (const one of collectPatterns(records)) yield joinPatterns(pattern, one);
  }
}

function toErrorHandlers(handlers: ErrorHandler | readonly ErrorHandler[]): ErrorHandler[] {
  const all = [handlers].flat();
  for (const handler of all) {
    if (!isCallable(handler)) {
      throw new ArgumentError(
        `An error handler must be a function (err, req, res) => ..., not ${describe(handler)}.`,
      );
    }
  }
  return all;
}

function toPatterns(path: Path): Pattern[] {
  const paths = [path].flat();
  if (paths.length === 0) throw new ArgumentError("An array of paths needs at least one path.");
  return paths.flatMap((one) => parsePattern(one));
}

/** An undefined path is probably a mistake, and it would mean every path. */
function checkDeclaration(declaration: HandlerWithOptions | APIRoute): void {
  const what = "A route declaration";
  const faults = new Faults();
  faults.check<APIRoute>(declaration, what, declarationKinds);
  if ("path" in declaration && declaration.path === undefined) {
    faults.add(
      "path",
      "The `path` of a route declaration is undefined. Leave the key out of middleware for every path, or write null.",
    );
  }
  if (!faults.isEmpty) {
    // A valid option may contain a mistake inside, which only the compilation of a route finds.
    const sound = Object.entries(declaration).filter(([key]) => !faults.has(key) && key in routeKinds);
    const { handler } = declaration;
    const options = { path: "/", ...Object.fromEntries(sound) };
    const stand = typeof handler === "object" ? () => undefined : handler;
    faults.attempt("", () => new Router().use(stand as Middleware, undefined, undefined, options));
  }
  faults.throw(what);
}

/** Adds the method and path of the route to the message, unless these are wrong. */
function throwFaults(faults: Faults, what: string, where: string): void {
  faults.throw(what, faults.has("path") || faults.has("method") ? undefined : where);
}

function toRoutePatterns(path: Path | null | undefined): Pattern[] {
  if (path === undefined) throw new ArgumentError("A route needs a `path`; null stands for every path.");
  return path === null ? parsePattern("/*") : toPatterns(path);
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

/**
 * Declares a route. Its handler gets the types of its request and response from the schemas: `req.body`, `req.query`,
 * `req.params`, `req.headers`, and the argument of `res.json`.
 */
export function defineRoute<
  const Accepts extends RequestDeclaration = Record<never, Schema>,
  const Answers extends ResponseDeclaration = Record<never, Schema>,
>(route: TypedRoute<Accepts, Answers>): APIRoute {
  return route as unknown as APIRoute;
}
