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

/** Called when the process is to finish; the process ends when the returned promise is settled. */
export type DrainCallback = (request: DrainRequest) => unknown;

/** Called with each value that the primary sends. */
export type MessageCallback = (payload: unknown) => void;

// What a process does on its own when the primary is gone and cannot say how long it may take.
const orphanDrain: DrainRequest = { timeout: 10_000, idle: 1000, delay: 0, replaced: false };

const primaryGone = "The primary process has ended, which would replace the workers.";

// A server that is away must not hold up the end of a process.
const longestClose = 1000;

/** A worker's side of the connection to the `ClusterManager` that forked it. */
export class WorkerLink {
  readonly drainCallbacks: Set<DrainCallback> = new Set();
  readonly messageCallbacks: Set<MessageCallback> = new Set();
  /** With a backplane for many machines: whether this one does what only one may do. */
  isLeader: (() => boolean) | undefined;
  /** What is closed in order when this process has finished. */
  readonly closers: Set<() => Promise<void>> = new Set();
  /** Gets what the hub in the primary sends. */
  onHubMessage: (message: unknown) => void = () => {};
  /** URL of the module to import while this process waits for its turn. */
  readonly preload: string | undefined;
  /** Resolves when this process may run as a worker. */
  readonly turn: Promise<void>;
  readonly #servers: ServerDrain | undefined;
  readonly #signals: SignalGate | undefined;
  #takeTurn: () => void = () => {};
  #leave: () => void = () => {};
  /** What to call with the end of a reload that this process asked for: what failed, if anything did. */
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

  /** True in a worker of a `ClusterManager` whose primary is there. */
  get isConnected(): boolean {
    return this.#signals !== undefined && process.connected;
  }

  /** Returns false when there is no primary to take the message. */
  send(message: WorkerMessage): boolean {
    if (!cluster.isWorker || !process.connected) return false;
    process.send?.(toEnvelope(message), undefined, undefined, () => {});
    return true;
  }

  /** Asks the primary to replace all workers; resolves when their successors serve. */
  async reload(): Promise<void> {
    const call = ++this.#reload;
    // A worker that ends may ask as well: it can have been chosen for a request in the moment of its replacement.
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

  /** Resolves when the message is on its way, or at once when nobody would take it. */
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
        // Another library may send messages of its own over the same channel.
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
    let code = 0;
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
    // From here on the process ends as it would without the runner: when the script says so, or has nothing left to do.
    deadline.unref();
    process.channel?.unref();
    this.#signals?.release(signal);
  }

  /**
   * The script's own listeners for SIGTERM are called when its requests are answered, so that they can close what these
   * needed. Half of the time is theirs: only they may know how to end a stream that has no end of its own.
   */
  async #drainServers({ idle, timeout }: DrainRequest): Promise<void> {
    await this.#servers?.run(idle, this.#signals?.awaited === undefined ? undefined : timeout / 2);
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

/** Tells the guard that this process knows of the end of its primary, and finishes by itself. */
function answerGuard(folder: string | undefined): void {
  try {
    if (folder !== undefined) writeFileSync(join(folder, String(process.pid)), "");
  } catch {
    // The guard is gone as well.
  }
}

// Also in worker-functions.ts, which finds the link without this module.
const linkKey = Symbol.for("@miqro/runner/worker-link@1");

/** The link of this process; one even where two copies of the package are installed. */
export function workerLink(): WorkerLink {
  const holder = globalThis as { [linkKey]?: WorkerLink };
  holder[linkKey] ??= new WorkerLink();
  return holder[linkKey];
}
