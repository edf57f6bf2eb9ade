import type { FieldHandler, FieldRoutes } from "../routing/field-routes.js";
import type { APIRoute, Router } from "../routing/router.js";
import type { Plugin } from "./plugin.js";

/** What a module file says about its scope: `export const meta = { plugins: [...] }`. */
export interface ModuleMeta {
  /** Registered at the scope of the module, in this order. */
  readonly plugins?: readonly Plugin[];
  /** The path of the module in the one around it, in place of the name of its folder. */
  readonly prefix?: string;
  /** How long one asynchronous handler of the scope may take, in milliseconds. Default: as the scope around it. */
  readonly handlerTimeout?: number;
}

/** What a module file exports: at least one of these. */
export interface Module {
  readonly meta?: ModuleMeta;
  readonly routes?: Routes;
  /** Adds to the scope of the module once its plugins are set up. A promise is waited for. */
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
 * The routes of a module by method and path, whose handlers see the fields that the plugins of `meta` add:
 * `export const routes: Routes<typeof meta> = { "GET /list": (req) => ... }`.
 */
export interface Routes<Meta = unknown> {
  readonly [route: `${string} /${string}`]:
    | FieldHandler<Fields<Meta>>
    | readonly FieldHandler<Fields<Meta>>[]
    | Omit<APIRoute, "path" | "method">;
}

/**
 * The router of a module, whose handlers see the fields that the plugins of `meta` add:
 * `export default function (router: Scope<typeof meta>) { ... }`.
 */
export type Scope<Meta = unknown> = FieldRoutes<Fields<Meta>> & Router;
