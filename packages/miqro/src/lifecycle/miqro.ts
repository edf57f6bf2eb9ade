import type { ListenAddress, ListenOptions } from "@miqro/core";
import { MiqroError } from "../errors.js";
import { toPort } from "./address.js";
import type { MiqroOptions } from "./miqro-options.js";
import { modes } from "./modes.js";
import { RunningComposition, type StopOptions } from "./running-composition.js";

/**
 * A composition of services as one server.
 *
 * It can be started again after it was stopped; the modules of the services are loaded once for a process.
 */
export class Miqro {
  readonly #options: MiqroOptions;
  /** What this server is busy with; undefined when it is idle. */
  #state: "starting" | "running" | "stopping" | "migrating" | undefined;
  #running: RunningComposition | undefined;
  #starting: Promise<unknown> = Promise.resolve();
  #stopping: Promise<void> | undefined;

  /** @throws {MiqroError} `ERR_ARGUMENT` for options that cannot be */
  constructor(options: MiqroOptions) {
    if ([options.services].flat().length === 0) {
      throw new MiqroError(
        "ERR_ARGUMENT",
        "There is no service to run. Name at least one folder in services.",
      );
    }
    toPort(options.port);
    this.#options = options;
  }

  /**
   * Loads, connects, migrates and listens, in this order; what was begun is undone when a step fails.
   * @returns where it listens
   * @throws {StartError} with everything that is wrong with the services
   * @throws {MiqroError} `ERR_STATE` when it is not idle
   */
  async start(): Promise<ListenAddress> {
    this.#enter("starting");
    const { host, port } = this.#options;
    const running = new RunningComposition(this.#options, modes.serve, () => void this.stop());
    this.#running = running;
    const start = this.#listen(running, { port: toPort(port), ...(host === undefined ? {} : { host }) });
    this.#starting = start.catch(() => undefined);
    return start;
  }

  async #listen(running: RunningComposition, where: ListenOptions): Promise<ListenAddress> {
    try {
      const address = await running.listen(where);
      this.#state = "running";
      return address;
    } catch (error) {
      await running.stop().catch(() => undefined);
      this.#running = undefined;
      this.#state = undefined;
      throw error;
    }
  }

  /**
   * Answers what is in flight, then closes everything; a start that is under way is given up at its next step, and
   * rejects. Resolves at once when nothing runs.
   */
  stop(options: StopOptions = {}): Promise<void> {
    this.#stopping ??= this.#stop(options).finally(() => {
      this.#stopping = undefined;
    });
    return this.#stopping;
  }

  /** Resolves when the server has stopped, whoever asked for it; at once when nothing runs. */
  stopped(): Promise<void> {
    return this.#running?.stopped ?? Promise.resolve();
  }

  /**
   * Connects the databases, runs their migrations and disconnects; no hook runs and nothing listens.
   * @param direction - `up` runs what is due, `down` undoes everything, last first
   * @throws {StartError} naming the file of a migration that fails
   * @throws {MiqroError} `ERR_STATE` when it is not idle
   */
  async migrate(direction: "up" | "down"): Promise<void> {
    this.#enter("migrating");
    const mode = direction === "up" ? modes.migrateUp : modes.migrateDown;
    const running = new RunningComposition(this.#options, mode, () => {});
    try {
      await running.prepare();
    } finally {
      await running.stop().finally(() => {
        this.#state = undefined;
      });
    }
  }

  async #stop(options: StopOptions): Promise<void> {
    if (this.#state === "starting") this.#running?.giveUp();
    await this.#starting;
    if (this.#running === undefined) return;
    this.#state = "stopping";
    try {
      await this.#running.stop(options);
    } finally {
      this.#running = undefined;
      this.#state = undefined;
    }
  }

  #enter(state: "starting" | "migrating"): void {
    if (this.#state !== undefined) {
      throw new MiqroError(
        "ERR_STATE",
        `This server is ${this.#state} already. Stop it, and wait for that, first.`,
      );
    }
    this.#state = state;
  }
}
