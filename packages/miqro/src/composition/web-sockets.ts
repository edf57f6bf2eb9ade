import { WebSocketServer } from "@miqro/core";
import { type Problem, StartError } from "../errors.js";
import { pathShape } from "../http-files/route-paths.js";
import type { LoadedService } from "../service/load-service.js";
import type { WebSockets } from "./create-app.js";
import type { Composition } from "./load-composition.js";

/**
 * Makes the WebSocket servers that `ws.ts` files name.
 * @throws {StartError} for a path that two of them use, and options that are refused
 */
export function createWebSockets({ services }: Composition): WebSockets {
  const byPath = new Map<string, WebSocketServer>();
  const byService = new Map<LoadedService, WebSocketServer[]>();
  const problems: Problem[] = [];
  for (const service of services) {
    const file = service.scanned.configs.get("ws")?.source ?? service.scanned.folder;
    const own: WebSocketServer[] = [];
    for (const config of service.configs.ws) {
      if (config.disabled === true) continue;
      const path = pathShape(config.path);
      if (byPath.has(path)) {
        problems.push({
          file,
          message: `a socket at "${config.path}" is there already. Give each its own path.`,
        });
        continue;
      }
      try {
        const socket = new WebSocketServer(config);
        byPath.set(path, socket);
        own.push(socket);
      } catch (error) {
        problems.push({
          file,
          message: error instanceof Error ? error.message : String(error),
          cause: error,
        });
      }
    }
    byService.set(service, own);
  }
  if (problems.length > 0) throw new StartError(problems);
  return { byPath, byService };
}
