import { App, type AppOptions, Router, Static } from "@miqro/core";
import { conventions } from "../conventions/table.js";
import { isServedFile } from "../http-files/kind.js";
import type { RouteFile } from "../http-files/route-file.js";
import { claimKey } from "../http-files/route-paths.js";
import type { MiqroOptions } from "../lifecycle/miqro-options.js";
import { loadAllowedHosts, loadCodeFrame, loadFolderScopes, loadNotFoundPages } from "../modules.js";
import type { Server } from "../req-server/server.js";
import type { LoadedService } from "../service/load-service.js";
import type { CompositionParts } from "./parts.js";

/** Puts the app together: one router for each service, in their order. What is wrong goes to `parts.problems`. */
export function createApp(
  parts: CompositionParts,
  server: Server,
  { allowedHosts, ...options }: AppOptions & Pick<MiqroOptions, "allowedHosts">,
): App {
  const { composition, renderer } = parts;
  const app = new App({
    ...options,
    ...(parts.loggerFactory === undefined ? {} : { loggerFactory: parts.loggerFactory }),
    renderer: { test: renderer.isElement, render: renderer.toHTML },
  });
  if (allowedHosts !== undefined) {
    const { whyHostRefused } = loadAllowedHosts();
    app.use((req, res) => {
      const refused = whyHostRefused(req.headers.host, allowedHosts);
      if (refused !== undefined) res.text(refused, {}, 403);
    });
  }
  app.use((req) => {
    req.server = server;
  });
  if (process.env.NODE_ENV === "development") {
    const { addCodeFrame } = loadCodeFrame();
    // It answers nothing, so that the error goes on.
    app.catch((error) => addCodeFrame(error));
  }
  let givesSession = false;
  for (const service of composition.services) {
    checkClaims(service, parts);
    // Middleware can give one as well.
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

/** One service, in the order of a request: conventions by their table, routes, files. */
function createServiceRouter(service: LoadedService, parts: CompositionParts): Router {
  const { httpFolder, staticFolder } = service.scanned;
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
  if (httpFolder !== undefined) {
    router.fallback(Static(httpFolder, { index: false, exclude: (path) => !isServedFile(path) }));
  }
  if (staticFolder !== undefined) router.fallback(Static(staticFolder));
  return router;
}

/** A policy that no session can ever satisfy refuses everybody. */
function checkPolicies({ http }: LoadedService, { problemsOf }: CompositionParts): void {
  for (const { file, value } of http) {
    const { options } = Object(value) as Partial<RouteFile>;
    if (options?.policy === undefined || options.session !== undefined) continue;
    problemsOf(file.source).add(
      "it has a policy, but nothing gives a request its session. Add auth.ts to the service, or a session beside the policy.",
    );
  }
}

/** Two files of one service on one method and path are a problem; between services the order decides. */
function checkClaims({ http }: LoadedService, { problemsOf }: CompositionParts): void {
  const claimed = new Map<string, string>();
  for (const { kind, file, value } of http) {
    const claims =
      kind.claims?.(file, value) ?? file.paths.map((path) => ({ method: "GET", path, suffix: file.suffix }));
    for (const claim of claims) {
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
