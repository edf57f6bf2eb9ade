import type { DatabaseInfo } from "../agent/read-tables.js";
import type { RouteInfo, ServiceInfo } from "../agent/service-info.js";
import { get } from "./api.js";
import { Store } from "./store.js";

/** What the running app is made of; `error` says why it is not known. */
export const appInfo = new Store<{
  readonly services: readonly ServiceInfo[];
  readonly databases: readonly DatabaseInfo[];
  readonly error: string | undefined;
}>({ services: [], databases: [], error: undefined });

/** Asks the running version; what an earlier one was made of stays when none runs. */
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
