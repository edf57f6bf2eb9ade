import { httpFiles } from "../http-files/table.js";
import type { Mode } from "../lifecycle/miqro-options.js";
import type { LoadedService } from "../service/load-service.js";
import type { Composition } from "./load-composition.js";

/** Removes the parts that a mode does not use from a composition. */
export function narrowComposition(composition: Composition, mode: Mode): Composition {
  const { hasConvention = () => true, hasFiles = () => true } = mode;
  const kinds = new Set(httpFiles.filter(hasFiles).map(({ kind }) => kind));
  const narrow = (service: LoadedService): LoadedService => ({
    ...service,
    configs: new Map([...service.configs].filter(([name]) => hasConvention(name))),
    http: service.http.filter(({ file }) => kinds.has(file.kind)),
    migrations: hasConvention("db") ? service.migrations : [],
  });
  return { ...composition, services: composition.services.map(narrow) };
}
