import { conventions } from "../conventions/table.js";
import type { WSConfig } from "../conventions/ws.js";
import type { RouteFile } from "../http-files/route-file.js";
import { configsOf } from "../service/load-service.js";
import type { CompositionParts } from "./parts.js";

/** A route of a composition, for the editor and other readers. */
export interface DescribedRoute {
  readonly method: string;
  readonly path: string;
  readonly kind: string;
  /** The source file of the route. */
  readonly file: string;
  readonly name?: string;
  readonly description?: string;
  /** Set if a policy guards the route. */
  readonly guarded?: true;
  /** The schemas of its declaration. */
  readonly request?: object;
}

/** A service of a composition, with its routes and files in the order of a request. */
export interface DescribedService {
  readonly name: string;
  readonly folder: string;
  readonly configs: readonly { readonly name: string; readonly file: string }[];
  readonly routes: readonly DescribedRoute[];
  readonly sockets: readonly string[];
  readonly staticFolder?: string;
}

/** Describes the services of a composition, in their order. */
export function describeServices({ composition }: CompositionParts): DescribedService[] {
  return composition.services.map((service) => ({
    name: service.scanned.name,
    folder: service.scanned.folder,
    configs: conventions.flatMap(({ name }) => {
      const file = service.configs.get(name)?.file.source;
      return file === undefined ? [] : [{ name, file }];
    }),
    routes: service.http.flatMap(({ kind, file, value }) => {
      const claims = kind.claims?.(file, value) ?? file.paths.map((path) => ({ method: "GET", path }));
      const { options = {} } = Object(value) as Partial<RouteFile>;
      const { name, description, policy, request } = options;
      return claims.map(
        ({ method, path, suffix = "" }: { method: string; path: string; suffix?: string | undefined }) => ({
          method,
          path: path + suffix,
          kind: file.kind,
          file: file.source,
          ...(typeof name === "string" ? { name } : {}),
          ...(typeof description === "string" ? { description } : {}),
          ...(policy === undefined ? {} : { guarded: true as const }),
          ...(request === undefined ? {} : { request }),
        }),
      );
    }),
    sockets: configsOf<WSConfig>(service, "ws").map(({ path }) => path),
    ...(service.scanned.staticFolder === undefined ? {} : { staticFolder: service.scanned.staticFolder }),
  }));
}
