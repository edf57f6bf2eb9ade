import { type APIRoute, type Handler, type Request, type Response, Router } from "@miqro/core";
import { messageOf } from "../errors.js";
import type { FileProblems } from "../options/file-problems.js";
import type { Server } from "../req-server/server.js";
import type { HttpFile } from "../service/scan-service.js";
import type { Claim, HttpFileReader, RouteMount } from "./http-file-kind.js";
import { type APIOptions, routeMethods, routePaths } from "./route-paths.js";

/** A module that answers the requests of a route. */
export interface RouteFile {
  /** The export with the answer: a function, an element, a value or a router. */
  readonly answer: unknown;
  readonly options: APIOptions;
  /** Returns the paths of the route that are part of a static site. */
  readonly inflatePaths?: InflatePaths;
}

/**
 * The type of the export `inflatePaths` of a route file: the paths that are part of a static site. A path is a string
 * that begins with `/`, or an object with the parameters of the route.
 */
export type InflatePaths = (
  server: Server,
) => Iterable<InflatePath> | Promise<Iterable<InflatePath>> | AsyncIterable<InflatePath>;

/** A path of a static site, or the parameters for the path of the route. */
export type InflatePath = string | Readonly<Record<string, unknown>>;

/** The values that a kind of file may export. */
export interface RouteExports {
  /** Whether the export may be a declaration, whose handler answers. */
  declares(answer: unknown): boolean;
  /** The reason why a value that is no function cannot be the answer; undefined if it can be. */
  whyNotAnswer(answer: unknown): string | undefined;
}

/** Reads a route module. */
export async function readRouteFile(
  file: HttpFile,
  { load, problems }: HttpFileReader,
  { declares, whyNotAnswer }: RouteExports,
): Promise<RouteFile | undefined> {
  const module = await load();
  if (module === undefined) return undefined;
  const { default: exported, apiOptions, inflatePaths } = module;
  if (exported === undefined) {
    const named = Object.keys(module).find(
      (name) => typeof module[name] === "function" && name !== "inflatePaths",
    );
    problems.add(
      `it has no default export${named === undefined ? "" : `, but one with the name "${named}"`}. Write: export default (req, res) => { ... }`,
    );
    return undefined;
  }
  let answer: unknown;
  try {
    // A route file may export a promise of its handler.
    answer = await exported;
  } catch (error) {
    problems.add(`the promise that it exports was rejected: ${messageOf(error)}`, error);
    return undefined;
  }
  const isDeclaration = declares(answer);
  if (file.isNotFoundPage === true && (apiOptions !== undefined || isDeclaration)) {
    const remedy = isDeclaration ? "Export its handler alone." : "Remove them.";
    problems.add(
      `it is the 404 page, which has no route: ${isDeclaration ? "a declaration changes" : "apiOptions change"} nothing. ${remedy}`,
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
  if (!isDeclaration && typeof answer !== "function") {
    const why = problems.read(() => whyNotAnswer(answer) ?? "");
    if (why !== "") {
      if (why !== undefined) problems.add(why);
      return undefined;
    }
  }
  if (!isDeclaration && apiOptions === undefined && typeof answer !== "function") {
    return { answer, options: {}, ...asked };
  }
  // The router compiles schemas at once only if the parser is already loaded.
  if (isDeclaration || apiOptions !== undefined) await import("@miqro/parser");
  const before = problems.count;
  const route = problems.read((): RouteFile | undefined => {
    checkAPIOptions(apiOptions, problems);
    if (isDeclaration && !isObject(answer)) {
      problems.ask(answer as APIRoute, tryRoute);
      return undefined;
    }
    const { handler, ...declared } = (isDeclaration ? answer : {}) as Partial<APIRoute>;
    const options: APIOptions = { ...declared, ...(isObject(apiOptions) ? apiOptions : {}) };
    const run = isDeclaration ? handler : typeof answer === "function" ? answer : () => undefined;
    problems.ask({ ...options, handler: run }, (all) =>
      tryRoute({ ...all, path: pathsOf(file, all) } as APIRoute),
    );
    return { answer: isDeclaration ? handler : answer, options, ...asked };
  });
  return problems.count > before ? undefined : route;
}

/** Throws the router's error about a declaration. The routers that it mounts stay unchanged. */
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

/** The full paths for the router. The router reports an invalid path. */
function pathsOf(file: HttpFile, { path }: APIOptions): unknown {
  // The 404 page has no path of its own.
  if (file.isNotFoundPage === true) return "/";
  const isPath = [path ?? ""].flat().every((one) => typeof one === "string");
  return isPath && !(Array.isArray(path) && path.length === 0) ? routePaths(file, { path }) : path;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The requests that a route answers. A handler that is mounted with `use` claims no requests. */
export function routeClaims(file: HttpFile, { options }: RouteFile): Claim[] {
  const suffix = options.path === undefined ? file.suffix : undefined;
  return routeMethods(options)
    .filter((method) => method !== "USE")
    .flatMap((method) => routePaths(file, options).map((path) => ({ method, path, suffix })));
}

/**
 * Adds a route with its options at its paths. If a parameter has a suffix, as in `[id].html.tsx`, the value must end
 * with it, and it is removed from the value.
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
 * Adds the route of the folder for its index page, unless the options of the page give it a path. As for static files,
 * the page is at the path with a slash, so that its relative links lead into the folder.
 */
export function mountIndex(router: RouteMount, file: HttpFile, options: APIOptions, handler: Handler): void {
  if (options.path !== undefined) return;
  router.route({
    ...options,
    path: file.folder,
    handler: (req, res) => {
      const isRead = req.method === "GET" || req.method === "HEAD";
      if (!isRead || req.pathname.endsWith("/")) return handler(req, res);
      // Made from the decoded path, so that the URL can never contain another host.
      const path = req.path.split("/").map(encodeURIComponent).join("/");
      return res.redirect(`${path}/${/\?.*/.exec(req.url)?.[0] ?? ""}`, {}, 301);
    },
  });
}

/** Accepts only values of the last parameter with this suffix, and removes the suffix. */
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
 * Calls the exported function, or takes the exported value, and passes on the result. If the result is not a promise,
 * no promise is created.
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
