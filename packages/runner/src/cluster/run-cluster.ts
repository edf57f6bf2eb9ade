import { inspect } from "node:util";
import { RunnerError } from "../errors.js";
import type { WorkerExit, WorkerInfo } from "./cluster-events.js";
import type { ClusterManager } from "./cluster-manager.js";

/** Options of `runCluster`. */
export interface RunClusterOptions {
  /** Called with one line, or an error with its details, for each event that a user should know. Default: stderr. */
  readonly log?: (line: string) => void;
  /** Called with each error and warning, instead of `log`. Default: its message goes to `log`. */
  readonly onError?: (error: Error) => void;
}

/**
 * Starts a cluster and obeys the signals of the process until the cluster ends: SIGTERM and SIGINT stop it (a second
 * signal stops it at once), SIGHUP reloads it. Resolves to the exit code for the process: 0 after a stop, 1 after a
 * crash loop, the worker's own code after a failed start.
 */
export async function runCluster(manager: ClusterManager, options: RunClusterOptions = {}): Promise<number> {
  const { log = console.error, onError = (error) => log(errorText(error)) } = options;
  let stopping = false;

  const stop = () => {
    void manager.stop(stopping ? { timeout: 0 } : {});
    stopping = true;
  };
  const reload = () => {
    manager.reload().then(
      () => log("All workers have been replaced."),
      (error: unknown) => onError(error instanceof Error ? error : new Error(errorText(error))),
    );
  };
  const served = new Set<number | undefined>();
  const onReady = ({ pid }: WorkerInfo) => served.add(pid);
  const onExit = (worker: WorkerInfo, exit: WorkerExit) => {
    const hasServed = served.delete(worker.pid);
    if (exit.expected || stopping) return;
    if (exit.restartIn !== undefined) log(exitText(worker, exit));
    else if (exit.code === 0 && hasServed) log(doneText(worker));
  };

  const code = new Promise<number>((resolve) => manager.once("stopped", resolve));
  manager.on("error", onError).on("warning", onError).on("ready", onReady).on("exit", onExit);
  process.on("SIGTERM", stop).on("SIGINT", stop).on("SIGHUP", reload);
  try {
    // After a failed start the cluster is "stopped", and its "error" was already logged.
    manager.start().catch(() => {});
    return await code;
  } finally {
    process.off("SIGTERM", stop).off("SIGINT", stop).off("SIGHUP", reload);
    manager.off("error", onError).off("warning", onError).off("ready", onReady).off("exit", onExit);
  }
}

function errorText(error: unknown): string {
  // The message of this package's errors is enough. Other errors need their stack, cause and inner errors.
  return error instanceof RunnerError ? error.message : inspect(error);
}

function exitText(worker: WorkerInfo, exit: WorkerExit): string {
  const end = exit.signal === null ? `exit code ${exit.code}` : `signal ${exit.signal}`;
  const how = worker.pid === undefined ? "could not be started" : `ended with ${end}`;
  const when = exit.restartIn === 0 ? "at once" : `in ${exit.restartIn} ms`;
  return `${whoText(worker)} ${how} and is started again ${when}.`;
}

function doneText(worker: WorkerInfo): string {
  return `${whoText(worker)} ended with exit code 0: its work is done, so it is not started again.`;
}

function whoText({ number, pid }: WorkerInfo): string {
  const name = number === undefined ? "The warm spare" : `Worker ${number}`;
  return pid === undefined ? name : `${name} (pid ${pid})`;
}
