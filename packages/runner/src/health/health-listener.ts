import type { IncomingMessage, ServerResponse } from "node:http";
import { workerLink } from "../worker/worker-link.js";

/**
 * Answers questions of proxies and orchestrators for the health of this worker: 200 while it serves, 503 from the moment
 * at which it was asked to end. A listener for a path of the script's own server.
 */
export function answerHealth(_req: IncomingMessage, res: ServerResponse): void {
  const { isDraining } = workerLink();
  res.writeHead(isDraining ? 503 : 200, { "Content-Type": "application/json", "Cache-Control": "no-store" });
  res.end(`{"status":"${isDraining ? "draining" : "ok"}"}`);
}
