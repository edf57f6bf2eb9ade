import cluster from "node:cluster";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { DrainCallback, MessageCallback, WorkerLink } from "./worker-link.js";

const require = createRequire(import.meta.url);
const linkKey = Symbol.for("@miqro/runner/worker-link@1");

/**
 * The link of a worker; undefined in a process that is none, which need not load what a worker consists of. Node.js has
 * made it before the script (`--import`), but for programs that load themselves, such as a single executable.
 */
function findWorkerLink(): WorkerLink | undefined {
  const { [linkKey]: link } = globalThis as { [linkKey]?: WorkerLink };
  if (link !== undefined || !cluster.isWorker) return link;
  return (require("./worker-link.js") as typeof import("./worker-link.js")).workerLink();
}

/**
 * Resolves when this process may serve: at once, unless it is a spare. Scripts started by `ClusterManager`
 * begin with their turn anyway; this is for programs that load themselves, such as a single executable.
 */
export function waitForTurn(): Promise<void> {
  return findWorkerLink()?.turn ?? Promise.resolve();
}

/** Tells the primary that this worker is ready, for a script that does not listen on a port. */
export function reportReady(): void {
  findWorkerLink()?.send({ type: "ready" });
}

/**
 * Tells the primary why this worker cannot start; end the process with an exit code other than 0 after it.
 * A failing `reload()` rejects with the message, and a cluster that is starting stops at once.
 *
 * @param error What went wrong; its message is shown to the user.
 * @returns A promise that resolves when the message is on its way.
 */
export function reportFailure(error: unknown): Promise<void> {
  return findWorkerLink()?.reportFailure(error, true) ?? Promise.resolve();
}

/**
 * Registers what this worker does when it is replaced or stopped: close its servers and wait for their
 * requests. The process ends with exit code 0 when all callbacks are done, with 1 when one fails. Where no
 * callback is registered, the servers of the process are drained by the runner.
 *
 * @param callback Gets the milliseconds until the process is killed (`timeout`), those for which idle keep-alive
 *   connections should stay open (`idle`), and whether another worker has taken its place (`replaced`). It is called
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
 * Sends a value that JSON can carry to the primary, whose `ClusterManager` emits it as "message".
 *
 * @returns False when this process is not a worker or its primary is gone.
 */
export function sendToPrimary(payload: unknown): boolean {
  return findWorkerLink()?.send({ type: "payload", payload }) ?? false;
}

/**
 * Asks the primary to replace all workers one by one, this one too, as `ClusterManager.reload()` does. Calls made
 * meanwhile share one further run.
 *
 * @returns A promise that resolves when all successors serve; this worker goes on with what it has begun. It rejects with
 *   `ReloadFailedError` when a successor fails, and with `ClusterStateError` outside a cluster.
 */
export async function requestReload(): Promise<void> {
  const link = findWorkerLink();
  if (link?.isConnected === true) return link.reload();
  // Loaded where it is needed: most processes that import this module never fail.
  const { ClusterStateError } = await import("../errors.js");
  throw new ClusterStateError(
    "This process is not a worker of a cluster, so that nothing can replace it; run it with miqro-runner.",
  );
}

/** True in a worker of a `ClusterManager` whose primary is there. */
export function isWorker(): boolean {
  return findWorkerLink()?.isConnected ?? false;
}

/** True from the moment at which this worker was asked to end: its health should say so. */
export function isDraining(): boolean {
  return findWorkerLink()?.isDraining ?? false;
}

/**
 * Answers questions of proxies and orchestrators for the health of this worker: 200 while it serves, 503 from the moment
 * at which it was asked to end. A listener for a path of the script's own server.
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
 * True for the process that does what only one may do: worker 0, or the process outside a cluster. With a backplane on
 * Redis it is worker 0 of one machine, the one that holds a lease; that one can change from call to call, and for some
 * seconds after a machine died, or while Redis is away, no process is it.
 */
export function isPrimaryWorker(): boolean {
  return workerNumber() === 0 && (findWorkerLink()?.isLeader?.() ?? true);
}

// CLUSTER_COUNT is also a setting of the user, and means nothing where no worker was forked.
function inCluster(): boolean {
  return readCount("CLUSTER_NODE_NUMBER") !== undefined;
}

function readCount(variable: string): number | undefined {
  const text = process.env[variable];
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
