import cluster from "node:cluster";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ReloadFailedError } from "../errors.js";
import { takeWorkerSettings } from "../protocol/environment.js";
import {
  type DrainRequest,
  isMarked,
  readPrimaryMessage,
  toEnvelope,
  type WorkerMessage,
} from "../protocol/messages.js";
import { toReport } from "../protocol/report.js";
import { warnOnce } from "../protocol/warn-once.js";
import { guardOutput } from "./output-guard.js";
import { ServerDrain } from "./server-drain.js";
import { SignalGate } from "./signal-gate.js";

/** Called when the process should finish. The process ends when the returned promise is settled. */
export type DrainCallback = (request: DrainRequest) => unknown;

/** Called with each value that the primary sends. */
export type MessageCallback = (payload: unknown) => void;

// The times that a process uses when the primary has gone and cannot send any.
const orphanDrain: DrainRequest = { timeout: 10_000, idle: 1000, delay: 0, replaced: false };

const primaryGone = "The workers cannot be replaced, because the primary process has ended.";

// If a server cannot be reached, the end of a process must not be delayed.
const longestClose = 1000;

/** A worker's side of the connection to the `ClusterManager` that forked it. */
export class WorkerLink {
  readonly drainCallbacks: Set<DrainCallback> = new Set();
  readonly messageCallbacks: Set<MessageCallback> = new Set();
  /** Whether this process is the primary worker, with a backplane for many machines. */
  isLeader: (() => boolean) | undefined;
  /** These objects are closed in this order when this process has finished. */
  readonly closers: Set<() => Promise<void>> = new Set();
  /** Gets the messages of the hub in the primary. */
  onHubMessage: (message: unknown) => void = () => {};
  /** URL of the module to import while this process waits to become a worker. */
  readonly preload: string | undefined;
  /** Resolves when this process may run as a worker. */
  readonly turn: Promise<void>;
  readonly #servers: ServerDrain | undefined;
  readonly #signals: SignalGate | undefined;
  #takeTurn: () => void = () => {};
  #leave: () => void = () => {};
  /** Called at the end of a reload that this process asked for. It gets the error if the reload failed. */
  readonly #reloads = new Map<number, (failure: string | undefined) => void>();
  #waiting = false;
  #draining = false;
  #reload = 0;

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

    guardOutput();
    this.#servers = new ServerDrain();
    this.#signals = new SignalGate();
    process.on("message", (value: unknown) => this.#receive(value));
    process.on("uncaughtExceptionMonitor", (error: unknown) => void this.reportFailure(error, false));
    process.prependOnceListener("disconnect", () => {
      // Otherwise node:cluster ends the process at once, together with its requests.
      if (cluster.worker !== undefined) cluster.worker.exitedAfterDisconnect = true;
      answerGuard(settings.guardFolder);
      this.#leave();
      for (const call of this.#reloads.keys()) this.#settleReload(call, primaryGone);
      void this.#drain(orphanDrain);
    });
    this.send({ type: "hello" });
  }

  /** True from the moment at which this process was asked to end. */
  get isDraining(): boolean {
    return this.#draining;
  }

  /** True in a worker of a `ClusterManager` while its primary runs. */
  get isConnected(): boolean {
    return this.#signals !== undefined && process.connected;
  }

  /** Returns false if there is no primary to take the message. */
  send(message: WorkerMessage): boolean {
    if (!cluster.isWorker || !process.connected) return false;
    process.send?.(toEnvelope(message), undefined, undefined, () => {});
    return true;
  }

  /** Asks the primary to replace all workers; resolves when their successors serve. */
  async reload(): Promise<void> {
    const call = ++this.#reload;
    // A worker that is about to end may ask too: a request may have reached it at the moment of its replacement.
    const failure = await new Promise<string | undefined>((resolve) => {
      this.#reloads.set(call, resolve);
      if (!this.send({ type: "reload", call })) this.#settleReload(call, primaryGone);
    });
    if (failure !== undefined) throw new ReloadFailedError(failure);
  }

  #settleReload(call: number, failure: string | undefined): void {
    this.#reloads.get(call)?.(failure);
    this.#reloads.delete(call);
  }

  /** Resolves when the message is sent, or at once if there is no receiver. */
  reportFailure(error: unknown, deliberate: boolean): Promise<void> {
    if (!cluster.isWorker || !process.connected) return Promise.resolve();
    const envelope = toEnvelope({ type: "failure", ...toReport(error), deliberate });
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
      case "ping":
        this.send({ type: "pong" });
        return;
      case "reloaded":
        this.#settleReload(message.call, message.failure);
        return;
      case "hub":
        this.onHubMessage(message.message);
        return;
      case "payload":
        for (const callback of this.messageCallbacks) callback(message.payload);
        return;
      default:
        // Another library may send its own messages over the same channel.
        if (isMarked(value)) warnOnce();
    }
  }

  async #drain(request: DrainRequest): Promise<void> {
    if (this.#draining) return;
    this.#draining = true;
    if (this.#waiting) process.exit(0);
    const deadline = setTimeout(() => process.exit(1), request.timeout);
    if (request.delay > 0) await sleep(request.delay);
    const rest = { ...request, timeout: request.timeout - request.delay };
    // A primary that lives although the channel is closed needs another worker in place of one that served.
    let code = request === orphanDrain && this.#servers?.hasServers === true ? 1 : 0;
    try {
      if (this.drainCallbacks.size === 0) await this.#drainServers(rest);
      else await Promise.all(Array.from(this.drainCallbacks, async (callback) => callback(rest)));
    } catch (error) {
      console.error(error);
      code = 1;
    }
    for (const close of this.closers) await Promise.race([close().catch(() => {}), sleep(longestClose)]);
    await this.#takeLeave();
    const signal = this.drainCallbacks.size === 0 ? this.#signals?.awaited : undefined;
    if (signal === undefined) process.exit(code);
    if (code !== 0) process.exitCode = code;
    // From now on, the process ends as it would without the runner: when the script exits, or has nothing left to do.
    deadline.unref();
    process.channel?.unref();
    this.#signals?.release(signal);
  }

  /**
   * Calls the script's own listeners for SIGTERM when its requests are answered, so that they can close the resources
   * of these requests. They get half of the time, because only they may be able to end a stream that does not end by
   * itself.
   */
  async #drainServers({ idle, timeout }: DrainRequest): Promise<void> {
    await this.#servers?.run(idle, this.#signals?.awaited === undefined ? undefined : timeout / 2);
  }

  /**
   * Waits until the primary has read that this process accepts no more connections. A connection that the primary
   * passed on before that arrives here first, and is given back. If the process did not wait, this connection would be lost.
   */
  #takeLeave(): Promise<void> {
    return new Promise((resolve) => {
      this.#leave = resolve;
      if (!this.send({ type: "drained" })) resolve();
    });
  }
}

/** Reports to the guard that this process has noticed the end of its primary and finishes by itself. */
function answerGuard(folder: string | undefined): void {
  try {
    if (folder !== undefined) writeFileSync(join(folder, String(process.pid)), "");
  } catch {
    // The guard process has ended too.
  }
}

// The same key is in worker-functions.ts, which finds the link without importing this module.
const linkKey = Symbol.for("@miqro/runner/worker-link@1");

/** The link of this process. There is only one, even if two copies of the package are installed. */
export function workerLink(): WorkerLink {
  const holder = globalThis as { [linkKey]?: WorkerLink };
  holder[linkKey] ??= new WorkerLink();
  return holder[linkKey];
}
