import { existsSync } from "node:fs";
import { join } from "node:path";
import { App, type AppOptions, CORS, Compression, type Middleware, Router, Static } from "@miqro/core";
import { conventions } from "../conventions/table.js";
import { isServedFile, isServedStatic } from "../http-files/kind.js";
import type { RouteFile } from "../http-files/route-file.js";
import { claimKey, claimsOf } from "../http-files/route-paths.js";
import type { AppExtension, MiqroOptions } from "../lifecycle/miqro-options.js";
import { loadOnUse } from "../load-on-use.js";
import type { Server } from "../req-server/server.js";
import type { LoadedService } from "../service/load-service.js";
import type { CompositionParts } from "./parts.js";

/** Loaded if the server does not answer every `Host`. */
const loadAllowedHosts = loadOnUse<typeof import("./allowed-hosts.js")>(
  import.meta.url,
  "./allowed-hosts.js",
);
/** Loaded under `NODE_ENV=development`. */
const loadCodeFrame = loadOnUse<typeof import("../lifecycle/code-frame.js")>(
  import.meta.url,
  "../lifecycle/code-frame.js",
);
/** Loaded if a service has a `module.ts`, which is the scope of a folder. */
const loadFolderScopes = loadOnUse<typeof import("./folder-scopes.js")>(
  import.meta.url,
  "./folder-scopes.js",
);
/** Loaded if a service has a 404 page. */
const loadNotFoundPages = loadOnUse<typeof import("./not-found-pages.js")>(
  import.meta.url,
  "./not-found-pages.js",
);

/** Creates the app, with one router for each service, in their order. Errors are added to `parts.problems`. */
export function createApp(
  parts: CompositionParts,
  server: Server,
  {
    allowedHosts,
    noCompression,
    extend,
    ...options
  }: AppOptions & Pick<MiqroOptions, "allowedHosts" | "noCompression"> & { readonly extend?: AppExtension },
): App {
  const { composition, renderer } = parts;
  const app = new App({
    ...options,
    ...(parts.loggerFactory === undefined ? {} : { loggerFactory: parts.loggerFactory }),
    ...(parts.logTransports === undefined ? {} : { logTransports: parts.logTransports }),
    ...(parts.relay === undefined ? {} : { relay: parts.relay }),
    renderer: { test: renderer.isElement, render: renderer.toHTML },
  });
  let validateOrigin: ((origin: string) => boolean) | undefined;
  if (allowedHosts !== undefined) {
    const { isOriginAllowed, whyHostRefused } = loadAllowedHosts();
    app.use((req, res) => {
      const refused = whyHostRefused(req.headers.host, allowedHosts);
      if (refused !== undefined) res.text(refused, {}, 403);
    });
    validateOrigin = (origin) => isOriginAllowed(origin, allowedHosts);
  }
  const folders = composition.services.flatMap(({ scanned }) => [scanned.httpFolder, scanned.staticFolder]);
  extend?.(
    app,
    folders.filter((folder) => folder !== undefined),
  );
  if (composition.services.every(({ configs }) => !configs.has("cors"))) {
    app.use(CORS(validateOrigin === undefined ? {} : { validate: validateOrigin }));
  }
  // In development, the app answers only this machine.
  if (noCompression !== true && process.env.NODE_ENV !== "development") app.use(createCompression());
  app.use((req) => {
    req.server = server;
  });
  if (process.env.NODE_ENV === "development") {
    const { addCodeFrame } = loadCodeFrame();
    // The handler sends no answer, so that the error goes to the next handler.
    app.catch((error) => addCodeFrame(error));
  }
  let givesSession = false;
  for (const service of composition.services) {
    checkClaims(service, parts);
    // Middleware can also set a session.
    givesSession ||= service.configs.has("auth") || service.configs.has("middleware");
    if (!givesSession) checkPolicies(service, parts);
    app.use(createServiceRouter(service, parts));
  }
  const hasPage = parts.composition.services.some(({ http }) =>
    http.some(({ file }) => file.isNotFoundPage === true),
  );
  if (hasPage) loadNotFoundPages().addNotFoundPages(app, parts);
  return app;
}

/** Loads the compression middleware when the first request arrives, so that a start does not wait for it. */
function createCompression(): Middleware {
  let compress: Middleware | undefined;
  return (req, res) => {
    compress ??= Compression();
    return compress(req, res);
  };
}

/** The router of one service, in the order of a request: conventions by their table, routes, files. */
function createServiceRouter(service: LoadedService, parts: CompositionParts): Router {
  const { httpFolder, staticFolder, hasPlainFiles } = service.scanned;
  const router = new Router();
  for (const { name } of conventions) {
    const { convention, configs = [], file } = service.configs.get(name) ?? {};
    for (const config of configs) {
      parts.problemsOf(file?.source ?? "").run(() => convention?.mount?.(config, router, parts));
    }
  }
  const hasScopes = service.http.some(({ kind }) => kind.openScope !== undefined);
  const routerOf = hasScopes ? loadFolderScopes().openFolderScopes(service, router, parts) : () => router;
  for (const { kind, file, value } of service.http) {
    if (file.isNotFoundPage === true) continue;
    parts.problemsOf(file.source).run(() => kind.mount(file, value, routerOf(file), parts));
  }
  // The index files come last, because any other file that answers the path of the folder goes first.
  for (const { kind, file, value } of service.http) {
    if (file.isIndex !== true) continue;
    const hasStaticIndex = existsSync(join(staticFolder ?? "", file.folder, "index.html"));
    if (staticFolder === undefined || !hasStaticIndex) kind.mountIndex?.(file, value, routerOf(file), parts);
  }
  // A service without such files adds no handler, so requests for later services do not wait for the disk.
  if (httpFolder !== undefined && (hasPlainFiles || process.env.NODE_ENV === "development")) {
    router.fallback(Static(httpFolder, { index: false, exclude: (path) => !isServedFile(path) }));
  }
  if (staticFolder !== undefined)
    router.fallback(Static(staticFolder, { exclude: (path) => !isServedStatic(path) }));
  return router;
}

/** If no session can satisfy a policy, the policy refuses everybody. */
function checkPolicies({ http }: LoadedService, { problemsOf }: CompositionParts): void {
  for (const { file, value } of http) {
    const { options } = Object(value) as Partial<RouteFile>;
    if (options?.policy === undefined || options.session !== undefined) continue;
    problemsOf(file.source).add(
      "it has a policy, but its requests never have a session. Add auth.ts to the service, or a session to the route.",
    );
  }
}

/**
 * Two files of one service with the same method and path are a problem. If the files are in different services, the
 * order of the services decides.
 */
function checkClaims({ http }: LoadedService, { problemsOf }: CompositionParts): void {
  const claimed = new Map<string, string>();
  for (const loaded of http) {
    const { file } = loaded;
    for (const claim of claimsOf(loaded)) {
      const key = claimKey(claim);
      const other = claimed.get(key);
      if (other === undefined) claimed.set(key, file.source);
      else if (other !== file.source) {
        problemsOf(file.source).add(
          `${other} answers ${claim.method} ${claim.path} as well. Change one of them.`,
        );
      }
    }
  }
}
