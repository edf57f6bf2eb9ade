import type { Worker } from "node:cluster";
import {
  type DrainRequest,
  type PrimaryMessage,
  type ReportedFailure,
  readWorkerMessage,
  toEnvelope,
} from "../protocol/messages.js";
import { toReport } from "../protocol/report.js";
import { createDeferred } from "./deferred.js";
import { HandOver } from "./hand-over.js";

/** How a process ended: an exit code or a signal. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The callbacks of the owner of a process. */
export interface WorkerProcessListener {
  readonly onReady: (worker: WorkerProcess) => void;
  readonly onPayload: (worker: WorkerProcess, payload: unknown) => void;
  readonly onHubMessage: (worker: WorkerProcess, message: unknown) => boolean;
  readonly onReload: (worker: WorkerProcess, call: number) => void;
  readonly onForeignMessage: (worker: WorkerProcess) => void;
  readonly onExit: (worker: WorkerProcess, exit: ProcessExit) => void;
}

/** A forked process, as the primary sees it: starting, then ready, then draining, then gone. */
export class WorkerProcess {
  readonly #worker: Worker;
  readonly #startedAt = performance.now();
  readonly #settled = createDeferred<ProcessExit | "ready">();
  #number: number | undefined;
  #failure: ReportedFailure | undefined;
  #killAt = Number.POSITIVE_INFINITY;
  #gone = false;
  #warned = false;
  /** Messages for a process that does not listen yet. Node.js 20 would lose them. */
  #queue: PrimaryMessage[] | undefined = [];
  #killTimer: NodeJS.Timeout | undefined;
  #ready = false;
  /** The number of checks of the primary that the process has not answered yet. */
  #unanswered = 0;

  constructor(worker: Worker, number: number | undefined, listener: WorkerProcessListener) {
    this.#worker = worker;
    this.#number = number;
    new HandOver(worker);

    const becomeReady = () => {
      if (this.#ready || this.#gone) return;
      this.#ready = true;
      this.#settled.resolve("ready");
      listener.onReady(this);
    };
    const end = (exit: ProcessExit) => {
      if (this.#gone) return;
      this.#gone = true;
      clearTimeout(this.#killTimer);
      this.#settled.resolve(exit);
      listener.onExit(this, exit);
    };

    const warn = () => {
      if (!this.#warned) listener.onForeignMessage(this);
      this.#warned = true;
    };

    worker.on("listening", becomeReady);
    worker.on("exit", (code: number | null, signal: NodeJS.Signals | null) => end({ code, signal }));
    worker.on("error", (error: unknown) => {
      // Without a pid, the fork itself failed and no "exit" follows. Other errors concern one message.
      if (worker.process.pid !== undefined) return;
      this.#failure ??= { ...toReport(error), deliberate: false };
      end({ code: 1, signal: null });
    });
    worker.on("message", (value: unknown) => {
      const message = readWorkerMessage(value);
      switch (message?.type) {
        case "hello":
          return this.#deliverQueue();
        case "ready":
          return becomeReady();
        case "failure":
          this.#failure = message;
          return;
        case "drained":
          return this.#send({ type: "leave" });
        case "payload":
          return listener.onPayload(this, message.payload);
        case "reload":
          return listener.onReload(this, message.call);
        case "pong":
          this.#unanswered = 0;
          return;
        case "hub":
          if (!listener.onHubMessage(this, message.message)) warn();
          return;
        default:
          warn();
      }
    });
  }

  /** The number of the worker; `undefined` for a spare. */
  get number(): number | undefined {
    return this.#number;
  }

  get pid(): number | undefined {
    return this.#worker.process.pid;
  }

  /** Milliseconds since the fork. */
  get uptime(): number {
    return performance.now() - this.#startedAt;
  }

  /** The failure that the process has reported, if any. */
  get failure(): ReportedFailure | undefined {
    return this.#failure;
  }

  /** True while messages reach the process. */
  get connected(): boolean {
    return !this.#gone && this.#worker.isConnected();
  }

  /** Resolves to "ready" when the process listens or reports ready, or to its exit if that comes first. */
  get settled(): Promise<ProcessExit | "ready"> {
    return this.#settled.promise;
  }

  /** Makes a spare the worker with this number. */
  takeTurn(number: number): void {
    this.#number = number;
    this.#send({ type: "turn", number });
  }

  sendHubMessage(message: unknown): void {
    this.#send({ type: "hub", message });
  }

  /** Answers a worker that asked for a reload. */
  sendReloaded(call: number, failure?: string): void {
    this.#send({ type: "reloaded", call, failure });
  }

  sendPayload(payload: unknown): void {
    this.#send({ type: "payload", payload });
  }

  get draining(): boolean {
    return this.#killAt !== Number.POSITIVE_INFINITY;
  }

  /**
   * Asks the process to finish, and kills it after `timeout` milliseconds. A further call can only shorten the time.
   */
  drain(request: DrainRequest): void {
    if (this.#gone) return;
    if (!this.draining) this.#send({ type: "drain", ...request });
    const killAt = performance.now() + request.timeout;
    if (killAt >= this.#killAt) return;
    this.#killAt = killAt;
    clearTimeout(this.#killTimer);
    this.#killTimer = setTimeout(() => this.kill(), request.timeout);
  }

  /** Checks that the process answers. Returns false if the last `limit` checks had no answer. */
  checkPulse(limit: number): boolean {
    // A process may be busy for a long time while it loads, and a draining process has its own deadline.
    if (!this.#ready || this.draining || !this.connected) return true;
    if (this.#unanswered >= limit) return false;
    this.#unanswered++;
    this.#send({ type: "ping" });
    return true;
  }

  kill(): void {
    this.#worker.process.kill("SIGKILL");
  }

  #send(message: PrimaryMessage): void {
    if (this.#queue !== undefined) {
      this.#queue.push(message);
      return;
    }
    if (!this.connected) return;
    // A failed delivery means that the process is ending, which "exit" reports.
    this.#worker.send(toEnvelope(message), () => {});
  }

  #deliverQueue(): void {
    const queue = this.#queue ?? [];
    this.#queue = undefined;
    for (const message of queue) this.#send(message);
  }
}
