import type { FieldHandler, FieldRoutes } from "../routing/field-routes.js";
import type { APIRoute, Router } from "../routing/router.js";
import type { Plugin } from "./plugin.js";

/** The settings of a module file: `export const meta = { plugins: [...] }`. */
export interface ModuleMeta {
  /** The plugins of the module, which are registered in this order. */
  readonly plugins?: readonly Plugin[];
  /** The path of the module below the module around it. It replaces the name of the folder. */
  readonly prefix?: string;
  /**
   * The longest time of one asynchronous handler of the scope, in milliseconds. Default: the time of the scope around
   * it.
   */
  readonly handlerTimeout?: number;
}

/** The exports of a module file: at least one of these. */
export interface Module {
  /** The plugins, the prefix and the time limit of the scope. */
  readonly meta?: ModuleMeta;
  /** The routes: a key such as `"GET /list"`, and a handler, an array of handlers or a declaration. */
  readonly routes?: Routes;
  /** Adds to the scope of the module after its plugins have been set up. A promise is awaited. */
  readonly default?: (router: Router) => unknown;
}

type Fields<Meta> = Meta extends { readonly plugins: readonly (infer One)[] }
  ? Together<One extends Plugin<infer Added> ? ([Added] extends [never] ? never : { of: Added }) : never>
  : unknown;

type Together<Boxes> = [Boxes] extends [never]
  ? unknown
  : (Boxes extends { of: infer Added } ? (added: Added) => void : never) extends (added: infer All) => void
    ? All
    : never;

/**
 * The routes of a module by method and path. The handlers see the fields that the plugins of `meta` add: `export const
 * routes: Routes<typeof meta> = { "GET /list": (req) => ... }`.
 */
export interface Routes<Meta = unknown> {
  readonly [route: `${string} /${string}`]:
    | FieldHandler<Fields<Meta>>
    | readonly FieldHandler<Fields<Meta>>[]
    | Omit<APIRoute, "path" | "method">;
}

/**
 * The router of a module. The handlers see the fields that the plugins of `meta` add: `export default function (router:
 * Scope<typeof meta>) { ... }`.
 */
export type Scope<Meta = unknown> = FieldRoutes<Fields<Meta>> & Router;
