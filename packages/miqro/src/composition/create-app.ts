import {
  type APIRoute,
  App,
  type AppOptions,
  type Handler,
  Router,
  SessionHandler,
  Static,
  type WebSocketServer,
} from "@miqro/core";
import { type Problem, StartError } from "../errors.js";
import { toHandler } from "../http-files/route-handlers.js";
import { pathShape, routeMethods, routePaths } from "../http-files/route-paths.js";
import type { Server } from "../req-server/server.js";
import type { LoadedMarkdown, LoadedRoute, LoadedService } from "../service/load-service.js";
import { type ConfigName, type HttpFile, isServedFile } from "../service/scan-service.js";
import { type ClientCode, loadClientCode } from "./client-code.js";
import type { Composition } from "./load-composition.js";
import { createPageRenderer, type PageRenderer } from "./page-renderer.js";

/** What a composition becomes a part of. */
export interface CreateAppOptions {
  readonly server: Server;
  readonly webSockets: WebSockets;
  readonly appOptions: AppOptions;
}

/** The WebSocket servers of a composition, with the service that each belongs to. */
export interface WebSockets {
  readonly byPath: ReadonlyMap<string, WebSocketServer>;
  readonly byService: ReadonlyMap<LoadedService, readonly WebSocketServer[]>;
}

/**
 * Puts the app together: one router for each service, in their order.
 * @throws {StartError} for client code that cannot be served, and for files that answer the same requests
 */
export async function createApp(composition: Composition, options: CreateAppOptions): Promise<App> {
  const problems: Problem[] = [];
  const logger = options.server.getLogger("CLIENT");
  const clientCode = await loadClientCode(composition, problems, (message) => logger.warn(message));
  const renderer = createPageRenderer({ modulePreload: clientCode.preloads });
  if (composition.services.some(({ routes }) => routes.some(({ file }) => file.kind === "page"))) {
    await renderer.load();
  }
  const app = new App({
    ...options.appOptions,
    renderer: { test: renderer.isElement, render: renderer.toHTML },
  });
  app.use((req) => {
    req.server = options.server;
  });
  for (const service of composition.services) {
    problems.push(...duplicateRoutes(service));
    app.use(createServiceRouter(service, { renderer, clientCode, problems, webSockets: options.webSockets }));
  }
  if (problems.length > 0) throw new StartError(problems);
  return app;
}

interface RouterParts {
  readonly renderer: PageRenderer;
  readonly clientCode: ClientCode;
  readonly webSockets: WebSockets;
  readonly problems: Problem[];
}

/** One service, in the order of a request: catch, session, middleware, routes, files; then `post`. */
function createServiceRouter(service: LoadedService, parts: RouterParts): Router {
  const { configs, scanned, routes } = service;
  const router = new Router();
  /** What is refused at the registration is a problem of the file that asks for it. */
  const from = (file: string | undefined, register: () => unknown) => {
    try {
      register();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      parts.problems.push({ file: file ?? scanned.folder, message, cause: error });
    }
  };
  const fromConfig = (name: ConfigName, register: () => unknown) => {
    from(scanned.configs.get(name)?.source, register);
  };

  for (const handler of [configs.catch?.catch ?? []].flat()) fromConfig("catch", () => router.catch(handler));
  const { auth, middleware } = configs;
  if (auth !== undefined) fromConfig("auth", () => router.use(SessionHandler(auth)));
  for (const handler of [middleware?.middleware ?? []].flat())
    fromConfig("middleware", () => router.use(handler));
  for (const socket of parts.webSockets.byService.get(service) ?? []) {
    fromConfig("ws", () => router.webSocket(socket));
  }
  for (const route of routes) from(route.file.source, () => addRoute(router, route, parts.renderer));
  const clients = scanned.http.filter(({ kind }) => kind === "client");
  for (const file of clients) from(file.source, () => addClientEntry(router, file, parts.clientCode));
  if (clients.length > 0) router.get("/_miqro/*", parts.clientCode.serveModule);
  for (const page of service.markdown) {
    from(page.file.source, () => router.route({ path: page.file.paths, handler: createMarkdownPage(page) }));
  }
  if (scanned.httpFolder !== undefined) {
    router.fallback(Static(scanned.httpFolder, { index: false, exclude: (path) => !isServedFile(path) }));
  }
  if (scanned.staticFolder !== undefined) router.fallback(Static(scanned.staticFolder));
  for (const handler of [middleware?.post ?? []].flat())
    fromConfig("middleware", () => router.after(handler));
  return router;
}

function addRoute(router: Router, { file, value, options }: LoadedRoute, renderer: PageRenderer): void {
  const path = routePaths(file, options);
  const declared = file.kind === "api" && typeof value !== "function";
  const handler = declared ? (value as APIRoute).handler : toHandler(file.kind, value, renderer);
  const ends = file.suffix !== undefined && options.path === undefined && typeof handler === "function";
  router.route({ ...options, path, handler: ends ? endingWith(file.suffix, handler) : handler });
}

/** Takes only values of the last parameter that end so, and takes the ending off. */
function endingWith(suffix: string, handler: Handler): Handler {
  return (req, res) => {
    const name = Object.keys(req.params).at(-1) ?? "";
    const value = req.params[name] ?? "";
    if (!value.endsWith(suffix) || value.length === suffix.length) return undefined;
    req.params[name] = value.slice(0, -suffix.length);
    return handler(req, res);
  };
}

function addClientEntry(router: Router, file: HttpFile, clientCode: ClientCode): void {
  for (const path of file.paths) {
    const stub = clientCode.stub(path);
    // The stub names a hashed URL, so it must be asked for again; what it names is cached for good.
    if (stub !== undefined) router.get(path, (_req, res) => res.js(stub, { "Cache-Control": "no-cache" }));
  }
}

/** Renders on the first request, then answers from memory: a change of the file is a reload. */
function createMarkdownPage({ file, source }: LoadedMarkdown): Handler {
  let page: Promise<string> | undefined;
  const render = async (): Promise<string> => {
    const { renderMarkdownPage } = await import("../markdown/render-page.js");
    return renderMarkdownPage({ source, file: file.source });
  };
  return async (_req, res) => {
    page ??= render();
    res.html(await page);
  };
}

/** Two files of one service on one method and path; between services the order decides. */
function duplicateRoutes({ scanned, routes }: LoadedService): Problem[] {
  const claimed = new Map<string, string>();
  const problems: Problem[] = [];
  const claim = (source: string, method: string, path: string, suffix = "") => {
    const key = `${method} ${pathShape(path)}${suffix}`;
    const other = claimed.get(key);
    if (other === undefined) claimed.set(key, source);
    else if (other !== source) {
      problems.push({
        file: source,
        message: `${other} answers ${method} ${path} as well. Change one of them.`,
      });
    }
  };
  for (const { file, options } of routes) {
    for (const method of routeMethods(options)) {
      if (method === "USE") continue;
      const suffix = options.path === undefined ? file.suffix : undefined;
      for (const path of routePaths(file, options)) claim(file.source, method, path, suffix);
    }
  }
  for (const { kind, source, paths } of scanned.http) {
    if (kind === "client" || kind === "markdown") for (const path of paths) claim(source, "GET", path);
  }
  return problems;
}
