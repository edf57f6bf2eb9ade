import type { RouteFile } from "../http-files/route-file.js";
import { claimsOf, routeMethods } from "../http-files/route-paths.js";
import type { LoadedService } from "../service/load-service.js";

/**
 * Whether anything but the route of a fixed path can change the answer: a session, middleware, a scope, or a route for
 * many paths. Error handlers do not count, because they change no answer of a request that succeeds.
 */
export function takeRequests(services: readonly LoadedService[]): boolean {
  return services.some(({ configs, http }) => {
    const hasStep = [...configs].some(
      ([name, { convention }]) => name !== "catch" && convention.mount !== undefined,
    );
    if (hasStep) return true;
    return http.some((loaded) => {
      if (loaded.kind.openScope !== undefined) return true;
      const { options } = Object(loaded.value) as Partial<RouteFile>;
      const isMounted = options !== undefined && routeMethods(options).includes("USE");
      return isMounted || claimsOf(loaded).some(({ path }) => /[:*]/.test(path));
    });
  });
}
