import type { DatabaseInfo } from "../agent/read-tables.js";
import type { RouteInfo, ServiceInfo } from "../agent/service-info.js";
import { get } from "./api.js";
import { Store } from "./store.js";

/** The services, routes and databases of the running app. If they are not known, `error` is the reason. */
export const appInfo = new Store<{
  readonly services: readonly ServiceInfo[];
  readonly databases: readonly DatabaseInfo[];
  readonly error: string | undefined;
}>({ services: [], databases: [], error: undefined });

/**
 * Loads the information about the running version. If no version runs, the information about the previous version
 * stays.
 */
export async function loadAppInfo(): Promise<void> {
  try {
    appInfo.set({
      ...(await get<{ services: ServiceInfo[]; databases: DatabaseInfo[] }>("app")),
      error: undefined,
    });
  } catch (error) {
    appInfo.set({ error: (error as Error).message });
  }
}

/** All routes, in the order in which a request is matched. */
export function allRoutes(services: readonly ServiceInfo[]): RouteInfo[] {
  return services.flatMap(({ routes }) => routes);
}
