import type { DatabaseInfo } from "../agent/read-tables.js";
import type { RouteInfo, ServiceInfo } from "../agent/service-info.js";
import { get } from "./api.js";
import { Store } from "./store.js";

/** The parts of the running app; `error` says why they are not known. */
export const appInfo = new Store<{
  readonly services: readonly ServiceInfo[];
  readonly databases: readonly DatabaseInfo[];
  readonly error: string | undefined;
}>({ services: [], databases: [], error: undefined });

/** Asks the running version; if none runs, the answer of the earlier version stays. */
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

/** Every route, in the order in which they are asked. */
export function allRoutes(services: readonly ServiceInfo[]): RouteInfo[] {
  return services.flatMap(({ routes }) => routes);
}
