import { describe, Faults } from "../options/check-options.js";
import { kinds, type OptionKinds } from "../options/kinds.js";
import type { APIRoute } from "../routing/router.js";
import { Router, registerFrom } from "../routing/router.js";
import type { RouteHandler } from "../routing/types.js";
import type { Module, ModuleMeta } from "./module-types.js";
import { Plugin } from "./plugin.js";

/** A module file that can be mounted. */
export interface CreatedModule {
  /** The scope of the module, to be mounted at its path. */
  readonly router: Router;
  /** Replaces the name of its folder in the path. */
  readonly prefix: string | undefined;
}

const moduleKinds: OptionKinds<Module> = {
  meta: kinds.object,
  routes: kinds.object,
  default: { words: "a function (router) => ...", test: kinds.call.test },
};

const metaKinds: OptionKinds<ModuleMeta> = {
  plugins: { words: "an array of plugins", test: Array.isArray },
  prefix: {
    words: 'a path such as "/people"',
    test: (value) => typeof value === "string" && value.startsWith("/"),
  },
  handlerTimeout: kinds.time,
};

/**
 * Makes the router of a module file.
 *
 * @param exports The exports of the file.
 * @param file The name of the file, for messages.
 * @throws {ArgumentError} with all mistakes.
 */
export function createModule(exports: object, file: string): CreatedModule {
  const faults = new Faults();
  const module: Module = { ...exports };
  // A CommonJS file has its exports twice.
  const known = Object.fromEntries(
    Object.entries(module).filter(([key]) => key !== "__esModule" && key !== "module.exports"),
  );
  if (Object.keys(known).length === 0) {
    faults.add("", "It exports nothing. Export `meta`, `routes`, or a default function (router) => ....");
  }
  faults.check<Module>(known, "A module", moduleKinds);
  const meta = faults.has("meta") ? {} : (module.meta ?? {});
  const metaFaults = new Faults();
  metaFaults.check<ModuleMeta>(meta, "The `meta` of a module", metaKinds);
  faults.attempt("meta", () => metaFaults.throw("The `meta` of a module"));
  const { handlerTimeout } = metaFaults.has("handlerTimeout") ? {} : meta;
  const router = new Router(handlerTimeout === undefined ? {} : { handlerTimeout });
  const plugins = metaFaults.has("plugins") ? [] : (meta.plugins ?? []);
  for (const [index, plugin] of plugins.entries()) {
    faults.attempt(`meta.plugins.${index}`, () => registerFrom(router, plugin, file));
  }
  for (const [route, handler] of Object.entries(faults.has("routes") ? {} : (module.routes ?? {}))) {
    faults.attempt("", () => addRoute(router, route, handler));
  }
  const { default: setup } = module;
  if (typeof setup === "function") {
    const plugin = new Plugin({ name: "default function", setup: setup as (router: never) => unknown });
    faults.attempt("default", () => registerFrom(router, plugin, file));
  }
  faults.throw("A module", file);
  return { router, prefix: meta.prefix };
}

function addRoute(router: Router, route: string, handler: unknown): void {
  const [, method, path] = /^([A-Za-z]+) +(\/\S*)$/.exec(route) ?? [];
  const faults = new Faults();
  if (method === undefined || path === undefined) {
    faults.add(
      `routes.${route}`,
      `"${route}" is not a route. Write a method, a space and a path, such as "GET /list".`,
    );
  } else if (typeof handler === "object" && handler !== null && !Array.isArray(handler)) {
    if (!("handler" in handler)) {
      faults.add(
        `routes.${route}`,
        `The route "${route}" is a declaration without a \`handler\`. Add the handler.`,
      );
    } else faults.attempt("", () => router.route({ ...(handler as APIRoute), path, method }));
  } else if (Array.isArray(handler) && handler.length === 0) {
    faults.add(`routes.${route}`, `The route "${route}" has an empty array of handlers. Write at least one.`);
  } else if (typeof handler !== "function" && !Array.isArray(handler)) {
    faults.add(
      `routes.${route}`,
      `The route "${route}" is ${describe(handler)}. Write a handler (req, res) => ..., an array of handlers, or a declaration with a \`handler\`.`,
    );
  } else {
    faults.attempt("", () => addHandlers(router, method, path, handler as RouteHandler));
  }
  faults.throw(`The route "${route}"`);
}

function addHandlers(router: Router, method: string, path: string, handler: RouteHandler): void {
  const handlers = [handler].flat();
  const [last, ...before] = handlers.toReversed();
  router.route({
    path,
    method,
    handler: last as APIRoute["handler"],
    ...(before.length === 0
      ? {}
      : { middleware: before.toReversed() as NonNullable<APIRoute["middleware"]> }),
  });
}
