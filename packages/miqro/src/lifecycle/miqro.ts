import type { ListenAddress, ListenOptions } from "@miqro/core";
import { defineLater, MiqroError } from "../errors.js";
import { loadOptionsCheck } from "../modules.js";
import { toPort } from "./address.js";
import { type MiqroOptions, optionNames } from "./miqro-options.js";
import { modes } from "./modes.js";
import { RunningComposition, type StopOptions } from "./running-composition.js";

/** Whether nothing can be wrong with the options; the check itself, with its words, is loaded only where something may be. */
function areSound(options: MiqroOptions): boolean {
  const { services, port, host, name, allowedHosts, noBuild, noMinify, clientBundle, inflateParallel } =
    Object(options) as MiqroOptions;
  const isText = (value: unknown) => value === undefined || typeof value === "string";
  return (
    Array.isArray(services) &&
    services.length > 0 &&
    services.every((one) => typeof one === "string") &&
    (port === undefined || (/^\d{1,5}$/.test(String(port)) && Number(port) <= 65_535)) &&
    isText(host) &&
    isText(name) &&
    [noBuild, noMinify, clientBundle].every((one) => one === undefined || typeof one === "boolean") &&
    (inflateParallel === undefined || /^[1-9]\d?$/.test(String(inflateParallel))) &&
    (allowedHosts === undefined || Array.isArray(allowedHosts)) &&
    Object.keys(options).every((key) => (optionNames as readonly string[]).includes(key))
  );
}

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

  /** @throws {MiqroError} `ERR_ARGUMENT` for options that cannot be, all of them at once */
  constructor(options: MiqroOptions) {
    if (!areSound(options)) loadOptionsCheck().checkMiqroOptions(options);
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
    const running = new RunningComposition(this.#options, modes.serve, {
      stop: () => void this.stop(),
      reload: () => this.reload(),
    });
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
   * Has the runner replace all workers one by one, this one too, each when its successor listens. Resolves when all
   * successors serve.
   * @throws {MiqroError} `ERR_STATE` where this process is no worker, `ERR_START` when a successor fails
   */
  reload(): Promise<void> {
    const done = import("./reload-workers.js").then(({ reloadWorkers }) => reloadWorkers());
    // It is logged. A handler that does not wait for it must not end its process.
    done.catch(() => {});
    return done;
  }

  /** The same as `reload()`: a new worker is a new process. */
  restart(): Promise<void> {
    return this.reload();
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
    const running = new RunningComposition(this.#options, mode, {
      stop: () => {},
      reload: () => this.reload(),
    });
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

const laterMethods = ["inflate", "dispose", "connect", "disconnect"];
for (const name of laterMethods) defineLater(Miqro.prototype, name, `${name}() of a Miqro`);
defineLater(Miqro, "import", "Miqro.import()");
