import cluster from "node:cluster";
import { takeWorkerSettings } from "../protocol/environment.js";
import {
  type DrainRequest,
  readPrimaryMessage,
  toEnvelope,
  type WorkerMessage,
} from "../protocol/messages.js";
import { ServerDrain } from "./server-drain.js";

/** Called when the process is to finish; the process ends when the returned promise is settled. */
export type DrainCallback = (request: DrainRequest) => unknown;

/** Called with each value that the primary sends. */
export type MessageCallback = (payload: unknown) => void;

// What a process does on its own when the primary is gone and cannot say how long it may take.
const orphanDrain: DrainRequest = { timeout: 10_000, idle: 1000 };

/** A worker's side of the connection to the `ClusterManager` that forked it. */
export class WorkerLink {
  readonly drainCallbacks: Set<DrainCallback> = new Set();
  readonly messageCallbacks: Set<MessageCallback> = new Set();
  /** URL of the module to import while this process waits for its turn. */
  readonly preload: string | undefined;
  /** Resolves when this process may run as a worker. */
  readonly turn: Promise<void>;
  readonly #servers: ServerDrain | undefined;
  #takeTurn: () => void = () => {};
  #leave: () => void = () => {};
  #waiting = false;
  #draining = false;

  constructor() {
    const settings = cluster.isWorker ? takeWorkerSettings(process.env) : undefined;
    this.preload = settings?.preload;
    this.#waiting = settings?.spare === true;
    this.turn = this.#waiting
      ? new Promise((resolve) => {
          this.#takeTurn = resolve;
        })
      : Promise.resolve();
    if (settings === undefined) return;

    this.#servers = new ServerDrain();
    process.on("message", (value: unknown) => this.#receive(value));
    process.on("uncaughtExceptionMonitor", (error: unknown) => void this.reportFailure(error, false));
    // A terminal and some service managers signal the whole group; only the primary decides what follows.
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => {});
    process.prependOnceListener("disconnect", () => {
      // Otherwise node:cluster ends the process at once, together with its requests.
      if (cluster.worker !== undefined) cluster.worker.exitedAfterDisconnect = true;
      this.#leave();
      void this.#drain(orphanDrain);
    });
    this.send({ type: "hello" });
  }

  /** Returns false when there is no primary to take the message. */
  send(message: WorkerMessage): boolean {
    if (!cluster.isWorker || !process.connected) return false;
    process.send?.(toEnvelope(message), undefined, undefined, () => {});
    return true;
  }

  /** Resolves when the message is on its way, or at once when nobody would take it. */
  reportFailure(error: unknown, deliberate: boolean): Promise<void> {
    if (!cluster.isWorker || !process.connected) return Promise.resolve();
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    const envelope = toEnvelope({ type: "failure", name, message, stack, deliberate });
    return new Promise((resolve) => {
      process.send?.(envelope, undefined, undefined, () => resolve());
    });
  }

  #receive(value: unknown): void {
    const message = readPrimaryMessage(value);
    switch (message?.type) {
      case "turn":
        process.env.CLUSTER_NODE_NUMBER = String(message.number);
        this.#waiting = false;
        this.#takeTurn();
        return;
      case "drain":
        void this.#drain(message);
        return;
      case "leave":
        this.#leave();
        return;
      case "payload":
        for (const callback of this.messageCallbacks) callback(message.payload);
        return;
      default:
      // Another library may send messages of its own over the same channel.
    }
  }

  async #drain(request: DrainRequest): Promise<void> {
    if (this.#draining) return;
    this.#draining = true;
    if (this.#waiting) process.exit(0);
    setTimeout(() => process.exit(1), request.timeout);
    let code = 0;
    try {
      if (this.drainCallbacks.size === 0) await this.#servers?.run(request.idle);
      else await Promise.all(Array.from(this.drainCallbacks, async (callback) => callback(request)));
    } catch (error) {
      console.error(error);
      code = 1;
    }
    await this.#takeLeave();
    process.exit(code);
  }

  /**
   * Waits until the primary has read that this process accepts no more. A connection that it handed over
   * before that arrives here first and is given back; without the wait it would be lost with the process.
   */
  #takeLeave(): Promise<void> {
    return new Promise((resolve) => {
      this.#leave = resolve;
      if (!this.send({ type: "drained" })) resolve();
    });
  }
}

const linkKey = Symbol.for("@miqro/runner/worker-link@1");

/** The link of this process; one even where two copies of the package are installed. */
export function workerLink(): WorkerLink {
  const holder = globalThis as { [linkKey]?: WorkerLink };
  holder[linkKey] ??= new WorkerLink();
  return holder[linkKey];
}
