import { type APIRoute, type Handler, type Request, type Response, Router } from "@miqro/core";
import { messageOf } from "../errors.js";
import type { FileProblems } from "../options/file-problems.js";
import type { Server } from "../req-server/server.js";
import type { HttpFile } from "../service/scan-service.js";
import type { Claim, HttpFileReader, RouteMount } from "./http-file-kind.js";
import { type APIOptions, routeMethods, routePaths } from "./route-paths.js";

/** A module that answers a route. */
export interface RouteFile {
  /** The export that answers: a function, an element, a value, a router. */
  readonly answer: unknown;
  readonly options: APIOptions;
  /** Names the paths of a static site that the route answers. */
  readonly inflatePaths?: InflatePaths;
}

/**
 * The type of the export `inflatePaths` of a route file: the paths that are part of a static site. A path is a string
 * that begins with `/`, or an object with the parameters of the route.
 */
export type InflatePaths = (
  server: Server,
) => Iterable<InflatePath> | Promise<Iterable<InflatePath>> | AsyncIterable<InflatePath>;

/** A path of a static site, or the parameters that make one of the path of a route. */
export type InflatePath = string | Readonly<Record<string, unknown>>;

/**
 * Reads a module that answers a route.
 * @param declares - whether its export is a declaration, whose handler answers
 */
export async function readRouteFile(
  file: HttpFile,
  { load, problems }: HttpFileReader,
  declares: (answer: unknown) => boolean,
): Promise<RouteFile | undefined> {
  const module = await load();
  if (module === undefined) return undefined;
  const { default: answer, apiOptions, inflatePaths } = module;
  if (answer === undefined) {
    problems.add("it has no default export. Write: export default (req, res) => { ... }");
    return undefined;
  }
  const isDeclaration = declares(answer);
  if (file.isNotFoundPage === true && (apiOptions !== undefined || isDeclaration)) {
    const remedy = isDeclaration ? "Export its handler alone." : "Remove them.";
    problems.add(
      `it is the page for what nothing answered, which has no route: ${isDeclaration ? "a declaration changes" : "apiOptions change"} nothing. ${remedy}`,
    );
    return undefined;
  }
  if (inflatePaths !== undefined && typeof inflatePaths !== "function") {
    problems.add(
      "inflatePaths must be a function that returns an array, such as: export const inflatePaths = async (server) => [{ id: 1 }]",
    );
    return undefined;
  }
  const asked = inflatePaths === undefined ? {} : { inflatePaths: inflatePaths as InflatePaths };
  if (!isDeclaration && apiOptions === undefined)
    return settleAnswer({ answer, options: {}, ...asked }, problems);
  // The router compiles schemas at once only where it has not to wait for the parser.
  await import("@miqro/parser");
  const before = problems.count;
  const route = problems.read((): RouteFile | undefined => {
    checkAPIOptions(apiOptions, problems);
    if (isDeclaration && !isObject(answer)) {
      problems.ask(answer as APIRoute, tryRoute);
      return undefined;
    }
    const { handler, ...declared } = (isDeclaration ? answer : {}) as Partial<APIRoute>;
    const options: APIOptions = { ...declared, ...(isObject(apiOptions) ? apiOptions : {}) };
    const tried = isDeclaration ? { ...options, handler } : { ...options, handler: () => undefined };
    problems.ask(tried, (all) => tryRoute({ ...all, path: pathsOf(file, all) } as APIRoute));
    return { answer: isDeclaration ? handler : answer, options, ...asked };
  });
  return problems.count > before || route === undefined ? undefined : settleAnswer(route, problems);
}

/** A route file may export a promise of its handler. */
async function settleAnswer(route: RouteFile, problems: FileProblems): Promise<RouteFile | undefined> {
  try {
    return { ...route, answer: await route.answer };
  } catch (error) {
    problems.add(`the promise that it exports was rejected: ${messageOf(error)}`, error);
    return undefined;
  }
}

/** Throws the error of a router about a declaration, and leaves the routers that it mounts unchanged. */
function tryRoute(declaration: APIRoute): void {
  const router = new Router();
  try {
    router.route(declaration);
  } finally {
    router.clear();
  }
}

function checkAPIOptions(apiOptions: unknown, problems: FileProblems): void {
  if (apiOptions === undefined) return;
  if (!isObject(apiOptions)) problems.add("apiOptions must be an object, such as { method: 'POST' }.");
  else if ("handler" in apiOptions) {
    problems.add('unknown key "handler" in apiOptions. The default export is the handler.');
  }
}

/** The full paths for the router, which reports the error of an invalid path. */
function pathsOf(file: HttpFile, { path }: APIOptions): unknown {
  const isPath = [path ?? ""].flat().every((one) => typeof one === "string");
  return isPath && !(Array.isArray(path) && path.length === 0) ? routePaths(file, { path }) : path;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The requests that a route answers; a handler that is mounted with `use` claims none. */
export function routeClaims(file: HttpFile, { options }: RouteFile): Claim[] {
  const suffix = options.path === undefined ? file.suffix : undefined;
  return routeMethods(options)
    .filter((method) => method !== "USE")
    .flatMap((method) => routePaths(file, options).map((path) => ({ method, path, suffix })));
}

/**
 * Adds a route with its options at its paths. An ending of a parameter, as in `[id].html.tsx`, is asked for and taken
 * off.
 */
export function mountRoute(
  router: RouteMount,
  file: HttpFile,
  options: APIOptions,
  handler: Handler | Router,
): void {
  const { suffix } = file;
  const ends = suffix !== undefined && options.path === undefined && typeof handler === "function";
  router.route({
    ...options,
    path: routePaths(file, options),
    handler: ends ? endingWith(suffix, handler) : handler,
  });
}

/**
 * Adds the route of the folder whose page a file is, unless its options give it a path. As files do, it answers at the
 * path with a slash, where relative links of the page lead into its folder.
 */
export function mountIndex(router: RouteMount, file: HttpFile, options: APIOptions, handler: Handler): void {
  if (options.path !== undefined) return;
  router.route({
    ...options,
    path: file.folder,
    handler: (req, res) => {
      const isRead = req.method === "GET" || req.method === "HEAD";
      if (!isRead || req.pathname.endsWith("/")) return handler(req, res);
      // Made of the decoded path, so that it can never name another host.
      const path = req.path.split("/").map(encodeURIComponent).join("/");
      return res.redirect(`${path}/${/\?.*/.exec(req.url)?.[0] ?? ""}`, {}, 301);
    },
  });
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

/**
 * Calls the exported function, or takes the exported value, and hands the result on without a promise where there is
 * none.
 */
export function answering(
  answer: unknown,
  finish: (result: unknown, req: Request, res: Response) => unknown,
): Handler {
  if (typeof answer !== "function") return (req, res) => finish(answer, req, res);
  return (req: Request, res: Response) => {
    const result: unknown = answer(req, res);
    return result instanceof Promise
      ? result.then((settled) => finish(settled, req, res))
      : finish(result, req, res);
  };
}
