import { createDeferred, type Deferred } from "./deferred.js";
import { type BackoffOptions, RestartBackoff } from "./restart-backoff.js";
import type { WorkerProcess } from "./worker-process.js";

/** A worker number, and the processes that have it one after another. */
export class Slot {
  readonly number: number;
  readonly backoff: RestartBackoff;
  /** Resolves when the first process of this slot is ready or has done its work. */
  readonly up: Deferred<void> = createDeferred();
  /** True once a process of this slot was ready. */
  wasReady = false;
  /** The process that has the number; undefined while the slot waits for a restart. */
  current: WorkerProcess | undefined;
  /** The process that is going to replace `current`. */
  successor: WorkerProcess | undefined;
  /** True if its process ended and will not be started again. */
  finished = false;
  restartTimer: NodeJS.Timeout | undefined;

  constructor(number: number, backoff: BackoffOptions) {
    this.number = number;
    this.backoff = new RestartBackoff(backoff);
  }
}
