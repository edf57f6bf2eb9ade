import cluster from "node:cluster";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { DrainCallback, MessageCallback, WorkerLink } from "./worker-link.js";

const require = createRequire(import.meta.url);
const linkKey = Symbol.for("@miqro/runner/worker-link@1");

/**
 * The link of a worker. It is undefined in any other process, so that other processes do not load the modules of a
 * worker. Node.js makes the link before the script (`--import`), except in programs that load themselves, such as a
 * single executable.
 */
function findWorkerLink(): WorkerLink | undefined {
  const { [linkKey]: link } = globalThis as { [linkKey]?: WorkerLink };
  if (link !== undefined || !cluster.isWorker) return link;
  return (require("./worker-link.js") as typeof import("./worker-link.js")).workerLink();
}

/**
 * Resolves when this process may serve: at once, unless it is a spare. Scripts started by `ClusterManager` begin at
 * that time anyway. Call this in a program that loads itself, such as a single executable.
 */
export function waitForTurn(): Promise<void> {
  return findWorkerLink()?.turn ?? Promise.resolve();
}

/** Reports to the primary that this worker is ready, for a script that does not listen on a port. */
export function reportReady(): void {
  findWorkerLink()?.send({ type: "ready" });
}

/**
 * Reports to the primary why this worker cannot start. Then end the process with an exit code other than 0. A failing
 * `reload()` rejects with the message, and a cluster that is starting stops at once.
 *
 * @param error the failure; its message is shown to the user
 * @returns a promise that resolves when the message is sent
 */
export function reportFailure(error: unknown): Promise<void> {
  return findWorkerLink()?.reportFailure(error, true) ?? Promise.resolve();
}

/**
 * Registers a callback for the end of this worker, when it is replaced or stopped. The callback should close the
 * servers and wait for their requests. The process ends with exit code 0 when all callbacks are done, with 1 if one
 * fails. Without a callback, the runner drains the servers of the process.
 *
 * @param callback gets the milliseconds until the process is killed (`timeout`), those for which idle keep-alive
 *   connections should stay open (`idle`), and whether another worker has replaced this one (`replaced`). It is called
 *   when `delay`, in which the worker still accepts requests, is over.
 * @returns A function that removes the callback.
 */
export function onDrain(callback: DrainCallback): () => void {
  const callbacks = findWorkerLink()?.drainCallbacks;
  callbacks?.add(callback);
  return () => void callbacks?.delete(callback);
}

/**
 * Registers a function that gets each value sent by `broadcast` or `send` of the `ClusterManager`.
 *
 * @returns A function that removes the callback.
 */
export function onMessage(callback: MessageCallback): () => void {
  const callbacks = findWorkerLink()?.messageCallbacks;
  callbacks?.add(callback);
  return () => void callbacks?.delete(callback);
}

/**
 * Sends a JSON value to the primary, whose `ClusterManager` emits it as "message".
 *
 * @returns False when this process is not a worker or its primary is gone.
 */
export function sendToPrimary(payload: unknown): boolean {
  return findWorkerLink()?.send({ type: "payload", payload }) ?? false;
}

/**
 * Asks the primary to replace all workers one by one, this worker too, as `ClusterManager.reload()` does. Calls made
 * during a reload share one further reload.
 *
 * @returns a promise that resolves when all successors serve; this worker finishes its current work. It rejects with
 *   `ReloadFailedError` if a successor fails, and with `ClusterStateError` outside a cluster.
 */
export async function requestReload(): Promise<void> {
  const link = findWorkerLink();
  if (link?.isConnected === true) return link.reload();
  // Loaded when it is needed, because most processes that import this module never fail.
  const { ClusterStateError } = await import("../errors.js");
  throw new ClusterStateError(
    "This process is not a worker of a cluster, so it cannot be replaced; run it with miqro-runner.",
  );
}

/** True in a worker of a `ClusterManager` while its primary runs. */
export function isWorker(): boolean {
  return findWorkerLink()?.isConnected ?? false;
}

/** True from the moment at which this worker was asked to end. Its health check should then answer 503. */
export function isDraining(): boolean {
  return findWorkerLink()?.isDraining ?? false;
}

/**
 * Answers health checks of proxies and orchestrators: 200 while this worker serves, 503 from the moment at which it was
 * asked to end. Use it as the handler of a path of the script's own server.
 */
export function answerHealth(_req: IncomingMessage, res: ServerResponse): void {
  const isEnding = isDraining();
  res.writeHead(isEnding ? 503 : 200, { "Content-Type": "application/json", "Cache-Control": "no-store" });
  res.end(`{"status":"${isEnding ? "draining" : "ok"}"}`);
}

/** The number of this worker, from 0; 0 outside a cluster. */
export function workerNumber(): number {
  return readCount("CLUSTER_NODE_NUMBER") ?? 0;
}

/** How many workers the cluster has; 1 outside a cluster. */
export function workerCount(): number {
  return inCluster() ? (readCount("CLUSTER_COUNT") ?? 1) : 1;
}

/**
 * True for the process that does work which must be done only once: worker 0, or the process outside a cluster. With a
 * backplane on Redis it is worker 0 of the machine that holds a lease. The holder can change from call to call. For
 * some seconds after a machine died, or while Redis cannot be reached, it is true in no process.
 */
export function isPrimaryWorker(): boolean {
  return workerNumber() === 0 && (findWorkerLink()?.isLeader?.() ?? true);
}

// CLUSTER_COUNT is also a setting of the user, and has no meaning in a process that is not a worker.
function inCluster(): boolean {
  return readCount("CLUSTER_NODE_NUMBER") !== undefined;
}

function readCount(variable: string): number | undefined {
  const text = process.env[variable];
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
