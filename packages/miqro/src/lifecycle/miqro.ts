import { type ListenAddress, type ListenOptions, Logger } from "@miqro/core";
import { isWorker } from "@miqro/runner/worker";
import { MiqroError, messageOf } from "../errors.js";
import type { InflateOptions, InflateResult } from "../inflate/inflate-options.js";
import { loadOnUse } from "../load-on-use.js";
import type { KeptParts } from "../req-server/create-server.js";
import type { DatabaseMigration, Server } from "../req-server/server.js";
import { toPort } from "./address.js";
import { type AppExtension, type MiqroOptions, type Mode, modes, optionNames } from "./miqro-options.js";
import { type CompositionActions, RunningComposition, type StopOptions } from "./running-composition.js";

/** Loaded when a program reads a `miqro.json`. */
const loadConfigReader = loadOnUse<typeof import("./read-options.js")>(import.meta.url, "./read-options.js");
/** Loaded if the options of a `Miqro` may be wrong. */
const loadOptionsCheck = loadOnUse<typeof import("../options/check-miqro-options.js")>(
  import.meta.url,
  "../options/check-miqro-options.js",
);

/**
 * Whether the options are certainly valid. Otherwise the check itself, with its messages, is loaded.
 */
function areSound(options: MiqroOptions): boolean {
  const {
    services,
    port,
    host,
    name,
    allowedHosts,
    https,
    httpsRedirect,
    hotreload,
    editor,
    noBuild,
    noMinify,
    clientBundle,
    inflateParallel,
  } = Object(options) as MiqroOptions;
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
    // Options that a plain server does not use are checked here.
    [https, hotreload, editor].every((one) => !one) &&
    httpsRedirect === undefined &&
    Object.keys(options).every((key) => (optionNames as readonly string[]).includes(key))
  );
}

type State = "starting" | "running" | "reloading" | "stopping" | "migrating" | "connected" | "disposed";

/** How often the modules of services were loaded anew in this process. */
let versions = 0;

/**
 * A composition of services as one server.
 *
 * It can be started again after it was stopped. The modules of the services are loaded once for each process, and again
 * with each `reload` and `restart`. Several servers in one process share only their modules.
 */
export class Miqro implements AsyncDisposable {
  readonly #options: MiqroOptions;
  readonly #extend: AppExtension | undefined;
  /** The current operation of this server; undefined if it is idle. */
  #state: State | undefined;
  #running: RunningComposition | undefined;
  readonly #kept: KeptParts = {};
  #version: number | undefined;
  #reloading: Promise<void> | undefined;
  #retiring: Promise<unknown> = Promise.resolve();
  #starting: Promise<unknown> = Promise.resolve();
  #stopping: Promise<void> | undefined;

  /**
   * @param extend - called with the app of each start, before its services are mounted
   * @throws {MiqroError} `MIQRO_ARGUMENT` with all invalid options
   */
  constructor(options: MiqroOptions, extend?: AppExtension) {
    if (!areSound(options)) loadOptionsCheck().checkMiqroOptions(options);
    this.#options = options;
    this.#extend = extend;
  }

  /**
   * Makes a server from a `miqro.json`. Variables of the environment replace its values, as on the command line. An
   * `envFile` is read into `process.env`, but never replaces a variable that is set.
   * @param json - the path or the file URL of a `miqro.json`, whose paths are relative to it; or the content of such a
   * file, with paths relative to the working directory
   * @throws {MiqroError} `MIQRO_CONFIG` or `MIQRO_ARGUMENT` with all errors
   */
  static import(json: string | URL | Readonly<Record<string, unknown>>): Miqro {
    return new Miqro(loadConfigReader().readOptions(json));
  }

  /** Writes events of the whole server to the log. */
  get logger(): Logger {
    return this.#running?.logger ?? new Logger("MIQRO");
  }

  /**
   * Loads, connects, migrates and listens, in this order. If a step fails, the steps before it are undone.
   * @returns the address at which it listens
   * @throws {StartError} with all errors of the services
   * @throws {MiqroError} `MIQRO_STATE` if the server is not idle
   */
  async start(): Promise<ListenAddress> {
    this.#enter("starting");
    const { host, port, https } = this.#options;
    const running = this.#create(modes.serve);
    this.#running = running;
    const start = this.#listen(running, {
      port: toPort(port, "The port", https),
      ...(host === undefined ? {} : { host }),
    });
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
   * Answers the open requests, then closes everything. If a start is still running, the start is cancelled at its next
   * step, and rejects. Resolves at once if nothing runs.
   */
  stop(options: StopOptions = {}): Promise<void> {
    this.#stopping ??= this.#stop(options).finally(() => {
      this.#stopping = undefined;
    });
    return this.#stopping;
  }

  /** Resolves when the server has stopped, for any reason; resolves at once if nothing runs. */
  stopped(): Promise<void> {
    return this.#running?.stopped ?? Promise.resolve();
  }

  /**
   * Loads a new version of the services, and resolves when the new version answers. No request is lost. If the new
   * version fails, the old version continues.
   *
   * In a worker of `miqro-cluster`, `miqro --watch` or `miqro-runner`, the runner replaces all workers one by one. In
   * any other process the files of the services are loaded anew, but not the modules that they import. A process cannot
   * unload modules: each reload keeps the memory of the one before.
   * @throws {StartError} with all errors of the new version
   * @throws {MiqroError} `MIQRO_STATE` if it does not run, `MIQRO_START` if a successor of a worker fails
   */
  reload(): Promise<void> {
    const done = isWorker()
      ? import("./reload-workers.js").then(({ reloadWorkers }) => reloadWorkers())
      : this.#reload();
    // If a handler does not wait for the result, a failure must not end the process. The failure is logged.
    done.catch(() => {});
    return done;
  }

  /**
   * Stops and starts again, and loads the files of the services anew. In a worker it is the same as `reload()`, since a
   * new worker is a new process.
   * @throws {StartError} with all errors of the new version; nothing runs then
   * @throws {MiqroError} `MIQRO_STATE` if it does not run
   */
  restart(): Promise<void> {
    if (isWorker()) return this.reload();
    const done = this.#restart();
    done.catch(() => {});
    return done;
  }

  /**
   * Connects the databases and does nothing else. This is for scripts. `disconnect()` closes the databases.
   * @returns the object that handlers have as `req.server`
   * @throws {StartError} with all errors of the services, or with the database that cannot be reached
   * @throws {MiqroError} `MIQRO_STATE` if it is not idle
   */
  async connect(): Promise<Server> {
    this.#enter("connected");
    const running = this.#create(modes.connect);
    this.#running = running;
    try {
      return (await running.prepare()).server;
    } catch (error) {
      await this.#end({}).catch(() => undefined);
      throw error;
    }
  }

  /**
   * Disconnects the databases that `connect()` has connected. Resolves at once if there are none.
   * @throws {MiqroError} `MIQRO_STATE` if it serves; use `stop()` then
   */
  async disconnect(): Promise<void> {
    if (this.#state === undefined || this.#state === "disposed") return;
    if (this.#state !== "connected") {
      throw new MiqroError("MIQRO_STATE", `This server is ${this.#state}: stop() disconnects its databases.`);
    }
    await this.#end({});
  }

  /** Stops, and closes everything that is shared with other processes. The server cannot be used after that. */
  async dispose(): Promise<void> {
    await this.stop();
    this.#state = "disposed";
    const { name = "server" } = this.#options;
    await (await import("../req-server/caches.js")).closeSharedCache(name, this.#options);
  }

  /** The same as `dispose()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  /**
   * Connects the databases, runs their migrations and disconnects. No hook runs, and the server does not listen.
   * @param direction - `up` runs the migrations that are due, `down` undoes all, the last one first
   * @returns the state of each migration afterwards
   * @throws {StartError} with the file of the migration that fails
   * @throws {MiqroError} `MIQRO_STATE` if it is not idle
   */
  async migrate(direction: "up" | "down"): Promise<readonly DatabaseMigration[]> {
    this.#enter("migrating");
    const mode = direction === "up" ? modes.migrateUp : modes.migrateDown;
    const running = this.#create(mode);
    try {
      const { server } = await running.prepare();
      return await server.db.getMigrations();
    } finally {
      await running.stop().finally(() => {
        this.#state = undefined;
      });
    }
  }

  /**
   * Makes a static site: connects, migrates, and requests every path of the site. The server does not listen. It can be
   * called any number of times. It can also run beside a server in the same process, which has already migrated its
   * databases.
   * @param options - `inflateDir` names the folder to write to; without it, the files stay in memory
   * @returns every file, the paths that were left out, and the features that a file server lacks
   * @throws {StartError} with every route that failed and every link without a target; nothing is written then
   * @throws {MiqroError} `MIQRO_ARGUMENT` for invalid options
   */
  async inflate(options: InflateOptions = {}): Promise<InflateResult> {
    const { inflate } = await import("../inflate/inflate.js");
    const actions = { ...this.#actions(), stop: () => {}, extend: undefined };
    return inflate(this.#options, options, actions, this.#version);
  }

  async #stop(options: StopOptions): Promise<void> {
    if (this.#state === "starting") this.#running?.giveUp();
    await this.#starting;
    await this.#reloading?.catch(() => undefined);
    await this.#end(options);
    await this.#retiring;
  }

  async #end(options: StopOptions): Promise<void> {
    if (this.#running === undefined) return;
    this.#state = "stopping";
    try {
      await this.#running.stop(options);
    } finally {
      this.#running = undefined;
      this.#state = undefined;
    }
  }

  #reload(): Promise<void> {
    // A reload that is requested during another reload begins after it, because the first one may have read a file
    // already.
    const reload = (this.#reloading ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => this.#replace())
      .finally(() => {
        if (this.#reloading === reload) this.#reloading = undefined;
      });
    this.#reloading = reload;
    return reload;
  }

  async #replace(): Promise<void> {
    const previous = this.#running;
    if (previous === undefined || this.#state !== "running") throw this.#notRunning("reload");
    this.#state = "reloading";
    this.#version = ++versions;
    const next = this.#create(modes.serve);
    try {
      await next.takeOver(previous);
    } catch (error) {
      next.logger.error(
        "The reload has failed, and the old version continues to serve: %s",
        messageOf(error),
      );
      await next.stop().catch(() => undefined);
      throw error;
    } finally {
      this.#state = "running";
    }
    this.#running = next;
    const retired = previous.retire().catch((error: unknown) => next.logger.error(error));
    this.#retiring = Promise.all([this.#retiring, retired]);
  }

  async #restart(): Promise<void> {
    if (this.#state !== "running" && this.#state !== "reloading") throw this.#notRunning("restart");
    await this.stop({ replaced: true });
    this.#version = ++versions;
    await this.start();
  }

  #notRunning(method: string): MiqroError {
    const state = this.#state === undefined ? "not running" : this.#state;
    return new MiqroError(
      "MIQRO_STATE",
      `This server is ${state}: ${method}() needs a running server. Call start() first.`,
    );
  }

  #create(mode: Mode): RunningComposition {
    return new RunningComposition(this.#options, mode, this.#actions(), { version: this.#version });
  }

  #actions(): CompositionActions {
    return {
      stop: () => void this.stop(),
      reload: () => this.reload(),
      restart: () => this.restart(),
      kept: this.#kept,
      extend: this.#extend,
    };
  }

  #enter(state: State): void {
    if (this.#state !== undefined) {
      const remedy = this.#state === "disposed" ? "Make another one." : "Stop it, and wait for that, first.";
      throw new MiqroError("MIQRO_STATE", `This server is ${this.#state} already. ${remedy}`);
    }
    this.#state = state;
  }
}
