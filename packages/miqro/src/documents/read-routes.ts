import { type APIRoute, type RouteEntry, Router } from "@miqro/core";
import type { LoadedHttpFile } from "../http-files/http-file-kind.js";
import { mountRoute, type RouteFile } from "../http-files/route-file.js";
import type { LoadedService } from "../service/load-service.js";

/** A route of a file below `http/`, with the declarations of the file. */
export interface DeclaredRoute extends Pick<RouteEntry, "method" | "path" | "options"> {
  /** The declarations of the routers around the route, if the file exports a router. */
  readonly around?: RouteEntry["options"];
  /** The name of the kind in the table of kinds. */
  readonly kind: string;
}

// Documents cannot describe a route for all methods, so it becomes a route for each of these methods.
const anyMethod = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** The routes of a service's files, in their order: of `.api.ts` files only, or of all files. */
export function readRoutes({ http }: LoadedService, all: boolean): DeclaredRoute[] {
  return http
    .filter(({ file }) => file.isNotFoundPage !== true && (all || file.kind === "api"))
    .flatMap(readFile);
}

function readFile({ file, value }: LoadedHttpFile): DeclaredRoute[] {
  const { kind } = file;
  const { answer, options } = Object(value) as Partial<RouteFile>;
  if (options === undefined)
    return file.paths.map((path) => ({ method: "GET", path: withSuffix(path, file), options: {}, kind }));
  const router = new Router();
  try {
    const inner = answer instanceof Router ? answer : () => undefined;
    mountRoute(router, file, options, inner as APIRoute["handler"]);
    return router.routes().flatMap(({ method, path, options: own }) =>
      (method === "ALL" ? anyMethod : [method]).map((one) => ({
        method: one,
        path: options.path === undefined ? withSuffix(path, file) : path,
        options: own,
        ...(inner === answer ? { around: options } : {}),
        kind,
      })),
    );
  } finally {
    // Otherwise the router of the file would stay registered with a router that is not used.
    router.clear();
  }
}

function withSuffix(path: string, { suffix }: LoadedHttpFile["file"]): string {
  return suffix !== undefined && /:\w+$/.test(path) ? path + suffix : path;
}
