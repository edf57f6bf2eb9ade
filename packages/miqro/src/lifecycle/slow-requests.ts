import { relative } from "node:path";
import type { Logger } from "@miqro/core";
import type { LoadedService } from "../service/load-service.js";
import { patience, type SlowRequest } from "../service/waiting.js";

/** Reports requests without an answer, once for each route, with the source file of the route. */
export function createSlowRequestLog(
  services: readonly LoadedService[],
  logger: Logger,
): (request: SlowRequest) => void {
  const told = new Set<string>();
  return ({ method, path }) => {
    const file = findFile(services, method, path);
    const key = file ?? `${method} ${path}`;
    if (told.has(key)) return;
    told.add(key);
    logger.warn(
      "%s %s%s has had no answer for %d seconds: its handler still waits.",
      method,
      path,
      file === undefined ? "" : ` (${relative(process.cwd(), file)})`,
      patience / 1000,
    );
  };
}

/** The file whose route matches a request. */
function findFile(services: readonly LoadedService[], method: string, path: string): string | undefined {
  for (const { http } of services) {
    for (const { file, kind, value } of http) {
      const claims = kind.claims?.(file, value) ?? file.paths.map((one) => ({ method: "GET", path: one }));
      if (claims.some((claim) => claim.method === method && toPattern(claim.path).test(path)))
        return file.source;
    }
  }
  return undefined;
}

function toPattern(path: string): RegExp {
  const parts = path.replace(/\/+$/, "").split("/");
  const patterns = parts.map((part) => {
    if (part.startsWith(":")) return "[^/]+";
    return part === "*" ? ".*" : part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${patterns.join("/")}/?$`, "i");
}
