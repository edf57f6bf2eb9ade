import cluster, { type Worker } from "node:cluster";
import { EventEmitter } from "node:events";
import { Hub, type HubPort } from "../backplane/hub.js";
import {
  ClusterStateError,
  ClusterStoppedError,
  CrashLoopError,
  errorMessage,
  ForeignMessageError,
  type RunnerError,
  SpareFailedError,
  WorkerFailedError,
  type WorkerFailure,
  WorkerStuckError,
} from "../errors.js";
import { toWorkerEnvironment } from "../protocol/environment.js";
import type { DrainRequest } from "../protocol/messages.js";
import type { ClusterEvents, WorkerInfo } from "./cluster-events.js";
import {
  type ClusterOptions,
  type ClusterSettings,
  checkInteger,
  toClusterSettings,
} from "./cluster-options.js";
import { coalesce } from "./coalesce.js";
import { createDeferred, type Deferred } from "./deferred.js";
import { createFailedFork } from "./failed-fork.js";
import { OrphanGuard } from "./orphan-guard.js";
import { RestartBackoff } from "./restart-backoff.js";
import { Slot } from "./slot.js";
import { type ProcessExit, WorkerProcess, type WorkerProcessListener } from "./worker-process.js";

// Node.js loads this module before the script. So the script needs no change to wait, to drain and to report.
const bootstrap: string = new URL("../worker/bootstrap.js", import.meta.url).href;

// The number of checks that a worker may leave unanswered before it counts as stuck.
const questions = 5;

/** Options of `stop()`. */
export interface StopOptions {
  /** Milliseconds until workers that have not finished are killed. Default: the `stopTimeout` option. */
  readonly timeout?: number;
}

/**
 * Runs a script in several worker processes that share its ports, and replaces them: a worker that dies gets a
 * successor with the same number, and `reload()` replaces all workers without losing a request.
 */
export class ClusterManager extends EventEmitter<ClusterEvents> {
  readonly #settings: ClusterSettings;
  readonly #processes = new Set<WorkerProcess>();
  readonly #listener: WorkerProcessListener;
  readonly #replaceAll: () => Promise<void>;
  #state: "idle" | "running" | "stopping" = "idle";
  #slots: readonly Slot[] = [];
  #started: Promise<unknown> = Promise.resolve();
  #over: Deferred<void> = createDeferred();
  #exitCode = 0;
  #isFinishing = false;
  #spare: WorkerProcess | undefined;
  #spareBackoff: RestartBackoff;
  #spareTimer: NodeJS.Timeout | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #guard: OrphanGuard | undefined;
  /** Sequences the state that the workers share. It stays when workers are replaced, so a reload loses no cache. */
  #hub: Hub | undefined;
  readonly #ports = new Map<WorkerProcess, HubPort>();

  /** Checks the options. Throws `InvalidOptionError` or `ScriptNotFoundError`. */
  constructor(options: ClusterOptions) {
    super();
    this.#settings = toClusterSettings(options);
    this.#spareBackoff = new RestartBackoff(this.#settings);
    this.#replaceAll = coalesce(async () => {
      await this.#started;
      for (const slot of this.#slots) if (!slot.finished) await this.#replace(slot);
    });
    this.#listener = {
      onReady: (worker) => this.emit("ready", toInfo(worker)),
      onPayload: (worker, payload) => this.emit("message", payload, toInfo(worker)),
      onHubMessage: (worker, message) => this.#portOf(worker).receive(message),
      onReload: (worker, call) => void this.#answerReload(worker, call),
      onForeignMessage: (worker) => this.emit("warning", new ForeignMessageError(worker.pid)),
      onExit: (worker, exit) => this.#handleExit(worker, exit),
    };
  }

  /**
   * Starts the workers. Resolves when each worker listens, reported ready, or ended with exit code 0. Rejects with
   * `CrashLoopError`, with `WorkerFailedError` if a worker called `reportFailure`, or with `ClusterStoppedError`; the
   * workers are then stopped.
   */
  async start(): Promise<void> {
    if (!cluster.isPrimary) {
      throw new ClusterStateError(
        "A worker process cannot start a cluster; start it from the primary process.",
      );
    }
    if (this.#state !== "idle") {
      throw new ClusterStateError("The cluster is already started; call stop() before start().");
    }
    this.#state = "running";
    this.#over = createDeferred();
    this.#exitCode = 0;
    this.#spareBackoff.reset();
    this.#slots = Array.from(
      { length: this.#settings.nodes },
      (_, number) => new Slot(number, this.#settings),
    );
    for (const slot of this.#slots) this.#launch(slot);
    this.#startHeartbeat();
    const started = Promise.all(this.#slots.map((slot) => slot.up.promise));
    this.#started = started;
    try {
      await started;
    } catch (error) {
      await this.#over.promise;
      throw error;
    }
    this.#keepSpare();
  }

  /**
   * Replaces the workers one by one; each worker serves until its successor listens. Calls made meanwhile share one
   * further run. Resolves when all successors serve; their predecessors finish in the background. Rejects with
   * `WorkerFailedError` if a successor fails: the worker that it should replace, and the workers after it, continue.
   */
  async reload(): Promise<void> {
    if (this.#state !== "running") {
      throw new ClusterStateError("The cluster is not running; call start() before reload().");
    }
    await this.#replaceAll();
  }

  /**
   * Lets all workers finish their requests, and resolves when the last process has ended. A further call can shorten
   * the timeout but not extend it.
   */
  async stop(options: StopOptions = {}): Promise<void> {
    const timeout = checkInteger("timeout", options.timeout ?? this.#settings.stopTimeout, 0, 2 ** 31 - 1);
    if (this.#state === "idle") return;
    this.#end(0, new ClusterStoppedError(), timeout);
    await this.#over.promise;
  }

  /** Sends a JSON value to `onMessage` of every worker, except the worker with the number `except`. */
  broadcast(payload: unknown, except?: number): void {
    for (const { current, number } of this.#slots) if (number !== except) current?.sendPayload(payload);
  }

  /** Sends a JSON value to one worker. Returns false if that worker does not exist. */
  send(payload: unknown, workerNumber: number): boolean {
    const worker = this.#slots[workerNumber]?.current;
    if (worker?.connected !== true) return false;
    worker.sendPayload(payload);
    return true;
  }

  /** True while every worker runs. A worker that exited with code 0 counts as done. */
  isPoolAlive(): boolean {
    return this.#state === "running" && this.#slots.every((slot) => slot.finished || slot.current?.connected);
  }

  #startHeartbeat(): void {
    const { heartbeatTimeout } = this.#settings;
    if (heartbeatTimeout === 0) return;
    const check = () => {
      for (const worker of this.#processes) {
        if (worker.checkPulse(questions)) continue;
        this.#report(new WorkerStuckError(worker.number, worker.pid, heartbeatTimeout));
        worker.kill();
      }
    };
    // This code runs after the poll phase. If the primary had to wait for a CPU, it must read the answers before it
    // counts them.
    this.#heartbeat = setInterval(
      () => setImmediate(check),
      Math.max(1, heartbeatTimeout / questions),
    ).unref();
  }

  #portOf(worker: WorkerProcess): HubPort {
    let port = this.#ports.get(worker);
    if (port === undefined) {
      this.#hub ??= new Hub();
      port = this.#hub.connect((message) => worker.sendHubMessage(message));
      this.#ports.set(worker, port);
    }
    return port;
  }

  #launch(slot: Slot): void {
    const worker = this.#takeSpare(slot.number) ?? this.#fork(slot.number);
    slot.current = worker;
    void worker.settled.then((outcome) => {
      if (outcome !== "ready") return;
      // The first spare waits until the whole cluster has started.
      if (slot.wasReady) this.#keepSpare();
      markReady(slot);
    });
  }

  #fork(number: number | undefined): WorkerProcess {
    const { script, args, execArgv, env, nodes, preload } = this.#settings;
    this.#guard ??= new OrphanGuard();
    const settings = {
      spare: number === undefined,
      preload: number === undefined ? preload : undefined,
      guardFolder: this.#guard.folder,
    };
    // These settings belong to the whole process, so each fork sets them again.
    cluster.setupPrimary({ exec: script, args: [...args], execArgv: [...execArgv, "--import", bootstrap] });
    const forked = fork({ ...env, ...toWorkerEnvironment(settings, number, nodes) });
    const worker = new WorkerProcess(forked, number, this.#listener);
    this.#processes.add(worker);
    this.#guard.add(worker.pid);
    return worker;
  }

  async #replace(slot: Slot): Promise<void> {
    if (this.#state !== "running") throw new ClusterStoppedError();
    clearTimeout(slot.restartTimer);
    const successor = this.#takeSpare(slot.number) ?? this.#fork(slot.number);
    slot.successor = successor;
    const { startTimeout } = this.#settings;
    let timedOutAfter: number | undefined;
    const timer = setTimeout(() => {
      timedOutAfter = startTimeout;
      successor.kill();
    }, startTimeout);
    const outcome = await successor.settled;
    clearTimeout(timer);
    slot.successor = undefined;
    if (this.#state !== "running") throw new ClusterStoppedError();

    if (outcome !== "ready") {
      this.#keepSpare();
      const failure = { ...toFailure(slot.number, successor, outcome), timedOutAfter };
      if (slot.current !== undefined)
        throw new WorkerFailedError(failure, "the old worker continues to serve");
      this.#restart(slot, failure, 0);
      throw new WorkerFailedError(failure, "the old worker ended as well and is started again");
    }
    const predecessor = slot.current;
    slot.current = successor;
    slot.backoff.reset();
    markReady(slot);
    predecessor?.drain(this.#drainRequest(true));
    this.#keepSpare();
  }

  #handleExit(worker: WorkerProcess, exit: ProcessExit): void {
    this.#processes.delete(worker);
    this.#guard?.remove(worker.pid);
    this.#ports.get(worker)?.close(!worker.draining && exit.code !== 0);
    this.#ports.delete(worker);
    const slot = this.#slots.find(({ current }) => current === worker);
    const isSpare = worker === this.#spare;
    let restartIn: number | undefined;
    if (slot !== undefined) {
      slot.current = undefined;
      if (this.#state === "running") restartIn = this.#refill(slot, worker, exit);
    } else if (isSpare) {
      this.#spare = undefined;
      restartIn = this.#refillSpare(worker);
    }
    this.emit("exit", toInfo(worker), { ...exit, expected: worker.draining, restartIn });
    if (this.#slots.every(({ finished }) => finished)) this.#end(this.#exitCode);
    this.#finishWhenEmpty();
  }

  /** Decides what follows after the process of a slot ended by itself. Returns the delay of the restart. */
  #refill(slot: Slot, worker: WorkerProcess, exit: ProcessExit): number | undefined {
    const { disableRestart } = this.#settings;
    if (slot.successor !== undefined) return 0;
    const failure = toFailure(slot.number, worker, exit);
    if (worker.failure?.deliberate === true && !slot.wasReady) {
      // The worker reported that it cannot start. Another attempt would only repeat the message.
      this.#end(exitCodeOf(exit) || 1, new WorkerFailedError(failure, "the cluster does not start"));
      return undefined;
    }
    if (exit.code === 0 || disableRestart) {
      slot.finished = true;
      this.#exitCode ||= exitCodeOf(exit);
      slot.up.resolve();
      return undefined;
    }
    return this.#restart(slot, failure, worker.uptime);
  }

  #restart(slot: Slot, failure: WorkerFailure, uptime: number): number | undefined {
    const delay = slot.backoff.next(uptime);
    if (delay === undefined) {
      this.#end(1, new CrashLoopError(failure, slot.backoff.crashes));
      return undefined;
    }
    slot.restartTimer = setTimeout(() => this.#launch(slot), delay);
    return delay;
  }

  #takeSpare(number: number): WorkerProcess | undefined {
    const spare = this.#spare;
    if (spare?.connected !== true) return undefined;
    this.#spare = undefined;
    this.#spareBackoff.reset();
    spare.takeTurn(number);
    return spare;
  }

  #keepSpare(): void {
    clearTimeout(this.#spareTimer);
    if (!this.#settings.spare || this.#state !== "running") return;
    this.#spare ??= this.#fork(undefined);
  }

  #refillSpare(spare: WorkerProcess): number | undefined {
    if (this.#state !== "running") return undefined;
    const delay = this.#spareBackoff.next(spare.uptime);
    if (delay === undefined) this.#report(new SpareFailedError(spare.failure));
    else this.#spareTimer = setTimeout(() => this.#keepSpare(), delay);
    return delay;
  }

  /**
   * A worker that is replaced drains at once. A worker that is stopped first reports for a while that it is going to
   * end.
   */
  #drainRequest(replaced: boolean, timeout: number = this.#settings.stopTimeout): DrainRequest {
    const { drainIdle, drainDelay } = this.#settings;
    return { timeout, idle: drainIdle, delay: replaced ? 0 : Math.min(drainDelay, timeout), replaced };
  }

  async #answerReload(worker: WorkerProcess, call: number): Promise<void> {
    try {
      await this.reload();
      worker.sendReloaded(call);
    } catch (error) {
      worker.sendReloaded(call, errorMessage(error));
    }
  }

  /** Changes the state to stopping, for any reason. A further call can only shorten the remaining time. */
  #end(code: number, reason?: RunnerError, timeout?: number): void {
    if (this.#state === "running") {
      this.#state = "stopping";
      this.#exitCode = code;
      clearTimeout(this.#spareTimer);
      for (const slot of this.#slots) {
        clearTimeout(slot.restartTimer);
        slot.up.reject(reason);
      }
      if (reason !== undefined && code !== 0) this.#report(reason);
    } else if (timeout === undefined) {
      return;
    }
    const request = this.#drainRequest(false, timeout);
    for (const worker of this.#processes) worker.drain(request);
    this.#finishWhenEmpty();
  }

  #finishWhenEmpty(): void {
    if (this.#state !== "stopping" || this.#processes.size > 0 || this.#isFinishing) return;
    this.#isFinishing = true;
    const finish = () => this.#finish();
    // Neither the processes nor the guard are left behind.
    void (this.#guard?.dismiss() ?? Promise.resolve()).then(finish, finish);
    this.#guard = undefined;
  }

  #finish(): void {
    this.#isFinishing = false;
    this.#state = "idle";
    this.#spare = undefined;
    clearInterval(this.#heartbeat);
    this.#hub?.close();
    this.#hub = undefined;
    this.#over.resolve();
    this.emit("stopped", this.#exitCode);
  }

  #report(error: RunnerError): void {
    // Without a listener, an "error" event would be thrown and end the primary.
    if (this.listenerCount("error") > 0) this.emit("error", error);
  }
}

// An exception here would end the primary, and the other workers with it.
function fork(env: Readonly<Record<string, string | undefined>>): Worker {
  try {
    return cluster.fork(env);
  } catch (error) {
    return createFailedFork(error);
  }
}

function markReady(slot: Slot): void {
  slot.wasReady = true;
  slot.up.resolve();
}

function toInfo(worker: WorkerProcess): WorkerInfo {
  return { number: worker.number, pid: worker.pid };
}

function exitCodeOf(exit: ProcessExit): number {
  return exit.code ?? 1;
}

function toFailure(workerNumber: number, worker: WorkerProcess, exit: ProcessExit): WorkerFailure {
  return {
    workerNumber,
    pid: worker.pid,
    exitCode: exit.code,
    signal: exit.signal,
    reported: worker.failure,
  };
}
