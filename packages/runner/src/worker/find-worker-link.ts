import cluster from "node:cluster";
import { createRequire } from "node:module";
import type { WorkerLink } from "./worker-link.js";

const require = createRequire(import.meta.url);

/** The variable in which a worker is told what it is. */
export const settingsVariable = "MIQRO_RUNNER_WORKER";

/** Where the link of this process is, which two copies of the package share. */
export const linkKey: unique symbol = Symbol.for("@miqro/runner/worker-link@1") as never;

/**
 * The link of a worker; undefined in a process that is none, which need not load what a worker consists of. Node.js has
 * made it before the script (`--import`), but for programs that load themselves, such as a single executable.
 */
export function findWorkerLink(): WorkerLink | undefined {
  const { [linkKey]: link } = globalThis as { [linkKey]?: WorkerLink };
  if (link !== undefined || !cluster.isWorker || process.env[settingsVariable] === undefined) return link;
  return (require("./worker-link.js") as typeof import("./worker-link.js")).workerLink();
}
