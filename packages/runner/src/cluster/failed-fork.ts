import type { Worker } from "node:cluster";
import { EventEmitter } from "node:events";

/**
 * A worker whose process could not be forked. Node.js throws some errors of the system, such as a lack of memory
 * (ENOMEM), and emits others as an event. This worker emits the thrown error too, in the next tick.
 */
export function createFailedFork(error: unknown): Worker {
  const child = Object.assign(new EventEmitter(), {
    pid: undefined,
    connected: false,
    send: () => false,
    disconnect: () => {},
    kill: () => false,
  });
  const worker = Object.assign(new EventEmitter(), { process: child, isConnected: () => false });
  process.nextTick(() => worker.emit("error", error));
  return worker as unknown as Worker;
}
