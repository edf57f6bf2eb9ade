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
import { isVNode, type JSXNode } from "@miqro/jsx";
import { renderToString } from "@miqro/jsx-node";
import { type Problem, StartError } from "../errors.js";
import type { LoadedMarkdown, LoadedRoute, LoadedService } from "../service/load-service.js";
import { pathShape, routeMethods, routePaths } from "../service/route-paths.js";
import { type HttpFile, isServedFile } from "../service/scan-service.js";
import { type ClientCode, loadClientCode } from "./client-code.js";
import type { Composition } from "./load-composition.js";
import { type PageRenderer, toHandler } from "./route-handlers.js";
import type { Server } from "./server.js";

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
  const renderer: PageRenderer = {
    isElement: isVNode,
    toHTML: (element) => renderToString(element as JSXNode, { modulePreload: clientCode.preloads }),
  };
  const app = new App({
    ...options.appOptions,
    renderer: { test: renderer.isElement, render: renderer.toHTML },
  });
  app.use((req) => {
    req.server = options.server;
  });
  for (const service of composition.services) {
    problems.push(...duplicateRoutes(service));
    app.use(createServiceRouter(service, renderer, clientCode, options.webSockets));
  }
  if (problems.length > 0) throw new StartError(problems);
  return app;
}

/** One service, in the order of a request: catch, session, middleware, routes, files; then `post`. */
function createServiceRouter(
  service: LoadedService,
  renderer: PageRenderer,
  clientCode: ClientCode,
  webSockets: WebSockets,
): Router {
  const { configs, scanned, routes } = service;
  const router = new Router();
  for (const handler of [configs.catch?.catch ?? []].flat()) router.catch(handler);
  if (configs.auth !== undefined) router.use(SessionHandler(configs.auth));
  for (const handler of [configs.middleware?.middleware ?? []].flat()) router.use(handler);
  for (const socket of webSockets.byService.get(service) ?? []) router.webSocket(socket);
  for (const route of routes) addRoute(router, route, renderer);
  const clients = scanned.http.filter(({ kind }) => kind === "client");
  for (const file of clients) addClientEntry(router, file, clientCode);
  if (clients.length > 0) router.get("/_miqro/*", clientCode.serveModule);
  for (const page of service.markdown) {
    router.route({ path: page.file.paths, handler: createMarkdownPage(page) });
  }
  if (scanned.httpFolder !== undefined) {
    router.fallback(Static(scanned.httpFolder, { index: false, exclude: (path) => !isServedFile(path) }));
  }
  if (scanned.staticFolder !== undefined) router.fallback(Static(scanned.staticFolder));
  for (const handler of [configs.middleware?.post ?? []].flat()) router.after(handler);
  return router;
}

function addRoute(router: Router, { file, value, options }: LoadedRoute, renderer: PageRenderer): void {
  const path = routePaths(file, options);
  const declared = file.kind === "api" && typeof value !== "function";
  const handler = declared ? (value as APIRoute).handler : toHandler(file.kind, value, renderer);
  router.route({ ...options, path, handler });
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
  const claim = (source: string, method: string, path: string) => {
    const key = `${method} ${pathShape(path)}`;
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
      for (const path of routePaths(file, options)) claim(file.source, method, path);
    }
  }
  for (const { kind, source, paths } of scanned.http) {
    if (kind === "client" || kind === "markdown") for (const path of paths) claim(source, "GET", path);
  }
  return problems;
}
