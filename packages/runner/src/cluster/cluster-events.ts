import type { ForeignMessageError, RunnerError } from "../errors.js";

/** Names a worker process. */
export interface WorkerInfo {
  /** The worker's number, from 0; `undefined` for a waiting spare. */
  readonly number: number | undefined;
  readonly pid: number | undefined;
}

/** How a worker process ended. */
export interface WorkerExit {
  /** Exit code, or `null` when a signal ended the process. */
  readonly code: number | null;
  /** The signal that ended the process, or `null`. */
  readonly signal: NodeJS.Signals | null;
  /** True if the process was asked to end. */
  readonly expected: boolean;
  /** Milliseconds until a new process takes its number; `undefined` if no process takes it. */
  readonly restartIn: number | undefined;
}

/** The events of `ClusterManager` and their arguments. */
export interface ClusterEvents {
  /** A worker called `sendToPrimary(payload)`. */
  message: [payload: unknown, worker: WorkerInfo];
  /** A worker listens or reported ready. */
  ready: [worker: WorkerInfo];
  /** A worker process ended. */
  exit: [worker: WorkerInfo, exit: WorkerExit];
  /** A failure that no caller waits for, such as a crash loop. It is never thrown, even without a listener. */
  error: [error: RunnerError];
  /** A message was ignored. */
  warning: [warning: ForeignMessageError];
  /** The last process has ended; `code` is the exit code for the program. */
  stopped: [code: number];
}
