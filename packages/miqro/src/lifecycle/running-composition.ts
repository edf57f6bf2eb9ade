import { channel } from "node:diagnostics_channel";
import { setTimeout } from "node:timers/promises";
import {
  type App,
  type CloseOptions,
  FileTransport,
  type ListenAddress,
  type ListenOptions,
  LocalRelay,
  Logger,
  type LogTransport,
  type Relay,
} from "@miqro/core";
import { isWorker, workerCount, workerNumber } from "@miqro/runner/worker";
import { type ComposeOptions, compose } from "../composition/compose.js";
import { createApp } from "../composition/create-app.js";
import { type Composition, loadComposition } from "../composition/load-composition.js";
import type { CompositionParts } from "../composition/parts.js";
import type { ServerConfig } from "../conventions/server.js";
import { MiqroError, messageOf, type Problem, StartError } from "../errors.js";
import { loadOnUse } from "../load-on-use.js";
import { createServer, type ServerActions } from "../req-server/create-server.js";
import type { Server } from "../req-server/server.js";
import { firstFrame } from "../service/load-module.js";
import type { LoadedService } from "../service/load-service.js";
import type { ServiceFile } from "../service/scan-service.js";
import { type RequestWatch, type SlowRequest, waitFor, watchRequests } from "../service/waiting.js";
import { toPort, toURL } from "./address.js";
import type { AppExtension, MiqroOptions, Mode } from "./miqro-options.js";

/** Loaded if the server serves HTTPS. */
const loadCertificate = loadOnUse<typeof import("./certificate.js")>(import.meta.url, "./certificate.js");

/** The options of the end of a server. */
export interface StopOptions extends Omit<CloseOptions, "socketCode"> {
  /** True asks WebSocket clients to reconnect, since another version takes over. Default false. */
  readonly replaced?: boolean;
}

/** A server that listens, independent of the composition that it serves. */
interface Listening {
  readonly app: App;
  readonly address: ListenAddress;
  readonly requests: RequestWatch | undefined;
}

/** A composition with an app, which can listen. */
export interface Prepared {
  readonly parts: CompositionParts;
  readonly app: App | undefined;
  readonly server: Server;
  readonly services: readonly LoadedService[];
  /** The test files, if the mode includes them. */
  readonly tests: readonly ServiceFile[];
  runHooks(name: keyof ServerConfig): Promise<void>;
}

/** Publishes the parts of a composition, for the editor. */
const prepared = channel("miqro:prepared");

/** Whether this process shares its caches with other processes: the workers of its cluster, or other machines. */
function isShared(): boolean {
  return isWorker() || (process.env.MIQRO_BACKPLANE || "ipc") !== "ipc";
}

/** The actions of the server that handlers of a composition can ask for. */
export interface CompositionActions extends Pick<ServerActions, "stop" | "reload" | "restart" | "kept"> {
  readonly extend?: AppExtension | undefined;
}

/** The values that distinguish one run of a composition from another. */
export interface CompositionLife extends Pick<ComposeOptions, "rendering" | "pageContents" | "storageOf"> {
  /** Set if the modules of the services must be loaded anew. */
  readonly version?: number | undefined;
}

/** Coordinates the start of a worker with the other workers of its machine. */
interface OtherWorkers {
  /** Resolves when worker 0 is prepared. */
  wait(): Promise<void>;
  /** Lets the other workers continue. */
  go(): Promise<void>;
}

/** The compositions of this process that listen. Their databases are migrated. */
const serving = new Set<RunningComposition>();

/** One run of a composition, from loading to the last closed connection. */
export class RunningComposition {
  readonly #options: MiqroOptions;
  readonly #mode: Mode;
  readonly #actions: CompositionActions;
  readonly #how: CompositionLife;
  #parts: CompositionParts | undefined;
  #listening: Listening | undefined;
  #logFile: LogFile | undefined;
  /** The composition that this one replaces. */
  #previous: RunningComposition | undefined;
  /** The number of steps before it listened. A composition that takes over also takes over the later steps. */
  #begun = 0;
  /** The steps that undo a start, in the order in which the start took them. */
  readonly #undo: (() => unknown)[] = [];

  #prepared: Prepared | undefined;
  readonly #given = new AbortController();
  #stopOptions: StopOptions = {};
  /** Resolves when everything is undone. */
  readonly stopped: Promise<void>;
  #setStopped: () => void = () => {};

  /**
   * @param actions - called if a handler asks for the end, or for new workers
   * @param how - the differences between this run and the run of a server
   */
  constructor(options: MiqroOptions, mode: Mode, actions: CompositionActions, how: CompositionLife = {}) {
    this.#how = how;
    this.#options = options;
    this.#mode = mode;
    this.#actions = actions;
    this.stopped = new Promise((resolve) => {
      this.#setStopped = resolve;
    });
  }

  /** Logs events of the whole server. */
  get logger(): Logger {
    return this.#parts?.getLogger("MIQRO") ?? new Logger("MIQRO");
  }

  /** Creates the parts of the mode, then listens. */
  async listen(where: ListenOptions): Promise<ListenAddress> {
    const { app, services, runHooks } = await this.#prepareApp();
    this.#undo.push(async () => {
      const { replaced, ...closeOptions } = this.#stopOptions;
      await app.close(replaced === true ? { ...closeOptions, socketCode: 1012 } : closeOptions);
    });
    this.#goOn();
    serving.add(this);
    this.#undo.push(() => serving.delete(this));
    const address = await app.listen(where);
    await this.#redirect(address, where);
    this.#listening = { app, address, requests: this.#watchRequests(services, address) };
    await runHooks("start");
    return address;
  }

  /**
   * Creates the parts of the mode, then answers in place of a composition that listens. If a step fails, the old
   * composition continues. Otherwise `retire` ends it.
   */
  async takeOver(previous: RunningComposition): Promise<void> {
    const listening = previous.#listening;
    if (listening === undefined)
      throw new TypeError("A composition that does not listen cannot be replaced.");
    this.#previous = previous;
    const { app, runHooks } = await this.#prepareApp();
    this.#previous = undefined;
    this.#goOn();
    listening.app.clear().use(app);
    // The lines of the app go to this log as well.
    this.#logFile = previous.#logFile;
    previous.#logFile = undefined;
    // The app that listens uses this renderer.
    if (previous.#parts !== undefined) previous.#parts.clientCode = this.#parts?.clientCode;
    this.#listening = listening;
    this.#undo.push(...previous.#undo.splice(previous.#begun));
    const stopped = this.#setStopped;
    const previousStopped = previous.#setStopped;
    previous.#setStopped = () => {};
    this.#setStopped = () => {
      previousStopped();
      stopped();
    };
    // The new composition already serves, so it is too late to return to the old version.
    await runHooks("start").catch((error: unknown) => this.logger.error(error));
  }

  /** Ends the replaced composition after its requests are answered. */
  async retire(): Promise<void> {
    const { webSockets } = this.#parts ?? {};
    for (const socket of webSockets?.values() ?? []) await socket.disconnectAll(1012);
    const late = new AbortController();
    await Promise.race([
      this.#listening?.requests?.answered(),
      setTimeout(10_000, undefined, { ref: false, signal: late.signal }).catch(() => undefined),
    ]);
    late.abort();
    await this.stop();
  }

  async #prepareApp(): Promise<Prepared & { readonly app: App }> {
    const prepared = await this.prepare();
    const { app } = prepared;
    if (app === undefined) throw new TypeError("A mode without an app cannot listen.");
    this.#begun = this.#undo.length;
    return { ...prepared, app };
  }

  /** Creates the parts of the mode. After that an app could listen. */
  async prepare(): Promise<Prepared> {
    const mode = this.#mode;
    const { allowedHosts, trustProxy, noCompression, https, logFile } = this.#options;
    // These files are read first, because their errors can be corrected most quickly.
    const certificate =
      https === true && mode.hooks.includes("start")
        ? loadCertificate().readCertificate(this.#options)
        : undefined;
    const { version, ...given } = this.#how;
    const loaded = await load(this.#options, this.#given.signal, version, mode);
    this.#tellHints(loaded);
    const composition = await this.#narrow(loaded);
    const previous = this.#previous;
    if (previous === undefined && logFile !== undefined && logFile !== false) {
      this.#logFile = createLogFile(logFile);
    }
    this.#undo.push(() => this.#logFile?.close());
    const file = previous === undefined ? this.#logFile : previous.#logFile;
    const relay =
      mode.app && isShared()
        ? await (await import("@miqro/runner/relay")).connectRelay()
        : relayOf(previous === undefined ? undefined : previous.#listening);
    const parts = await compose(composition, { logFile: file, relay, only: mode.composes, ...given });
    this.#parts = parts;
    const { extend, ...actions } = this.#actions;
    const server = createServer(parts, {
      name: this.#options.name ?? "server",
      relay: () => relay ?? (this.#listening?.app ?? app)?.relay ?? new LocalRelay(),
      ...actions,
      url: () => (this.#listening === undefined ? undefined : toURL(this.#listening.address, https)),
    });
    const app: App | undefined = mode.app
      ? createApp(parts, server, {
          ...(allowedHosts === undefined ? {} : { allowedHosts }),
          ...(trustProxy === undefined ? {} : { trustProxy }),
          ...(noCompression === undefined ? {} : { noCompression }),
          ...(certificate === undefined ? {} : { https: true, serverOptions: certificate }),
          ...(extend === undefined ? {} : { extend }),
        })
      : undefined;
    if (parts.problems.length > 0) throw new StartError(parts.problems);
    prepared.publish(parts);

    if (mode.app && isShared()) {
      await (await import("../req-server/caches.js")).openSharedCache(
        this.#options.name ?? "server",
        this.#options,
      );
    }
    const { databases } = parts;
    const runHooks = async (name: keyof ServerConfig): Promise<void> => {
      if (!mode.hooks.includes(name)) return;
      if (name === "preload" || name === "load") this.#goOn();
      for (const { file, config } of parts.hooks) await runHook(file, config, name, server);
    };
    this.#undo.push(() => databases?.disconnect());
    this.#undo.push(() => runHooks("stop"));
    await runHooks("preload");
    if (mode.connects) await databases?.connect();
    const { migrates } = mode;
    const others =
      migrates?.by === "first worker" && isWorker() && workerCount() > 1
        ? this.#otherWorkers(parts)
        : undefined;
    // A lock in the database keeps the first workers of several machines apart.
    if (others !== undefined && workerNumber() > 0) await others.wait();
    else if (migrates !== undefined && !(migrates.by === "no server" && serving.size > 0)) {
      await databases?.migrate(migrates.direction);
    }
    this.#undo.push(() => runHooks("unload"));
    await runHooks("load");
    if (others !== undefined && workerNumber() === 0) await others.go();
    const { services, tests } = composition;
    this.#prepared = { app, parts, server, services, tests, runHooks };
    return this.#prepared;
  }

  /** The parts that were created. */
  get prepared(): Prepared {
    if (this.#prepared === undefined) throw new MiqroError("MIQRO_STATE", "The server is not prepared yet.");
    return this.#prepared;
  }

  async #narrow(composition: Composition): Promise<Composition> {
    const { hasConvention, hasFiles } = this.#mode;
    if (hasConvention === undefined && hasFiles === undefined) return composition;
    const { narrowComposition } = await import("../composition/narrow-composition.js");
    return narrowComposition(composition, this.#mode);
  }

  /** Makes worker 0 start before the other workers of its machine, if the services have databases or `load` hooks. */
  #otherWorkers({ composition, hooks, databases }: CompositionParts): OtherWorkers | undefined {
    const hasMigrations = databases !== undefined;
    if (!hasMigrations && hooks.every(({ config }) => config.load === undefined)) return undefined;
    const key = JSON.stringify([
      this.#options.name,
      ...composition.services.map(({ scanned }) => scanned.folder),
    ]);
    const module = import("./first-worker.js");
    return {
      wait: async () =>
        waitFor("waiting for the migrations and load hooks of worker 0", async () =>
          (await module).waitForFirstWorker(key, this.#given.signal),
        ).finally(() => this.#goOn()),
      go: async () => (await module).reportPrepared(key),
    };
  }

  /** Starts the redirect from HTTP to HTTPS, if a port for it is set. */
  async #redirect(address: ListenAddress, { host }: ListenOptions): Promise<void> {
    const { https, httpsRedirect, allowedHosts } = this.#options;
    if (https !== true || httpsRedirect === undefined || typeof address === "string") return;
    const { startRedirect } = await import("./https-redirect.js");
    const port = toPort(httpsRedirect, "The port of the redirect");
    this.#undo.push(await startRedirect({ port, host, httpsPort: address.port, allowedHosts }));
  }

  /** Cancels a start: it throws at its next step, or at once if it waits for a compiler. */
  giveUp(): void {
    this.#given.abort();
  }

  #watchRequests(services: readonly LoadedService[], address: ListenAddress): RequestWatch | undefined {
    if (typeof address === "string") return undefined;
    let log: Promise<(request: SlowRequest) => void> | undefined;
    const watch = watchRequests(address.port, async (request) => {
      log ??= import("./slow-requests.js").then((module) =>
        module.createSlowRequestLog(services, this.logger),
      );
      (await log)(request);
    });
    this.#undo.push(() => watch.end());
    return watch;
  }

  #tellHints({ hints }: Composition): void {
    const { onHint } = this.#options;
    for (const { file, message } of hints) {
      if (onHint === undefined) this.logger.warn("%s: %s", file, message);
      else onHint(file, message);
    }
  }

  #goOn(): void {
    if (this.#given.signal.aborted)
      throw new MiqroError("MIQRO_STATE", "The server was stopped while it started.");
  }

  /** Undoes all steps, the last one first. If undoing a step fails, the other steps are still undone. */
  async stop(options: StopOptions = {}): Promise<void> {
    this.#stopOptions = options;
    const failures: unknown[] = [];
    for (let undo = this.#undo.pop(); undo !== undefined; undo = this.#undo.pop()) {
      try {
        await undo();
      } catch (error) {
        failures.push(error);
      }
    }
    this.#setStopped();
    if (failures.length > 0) throw failures[0];
  }
}

/** The relay of an app that listens: the clients of its WebSockets and event streams are connected to this app. */
function relayOf(listening: Listening | undefined): Relay | undefined {
  return listening?.app.relay;
}

type LogFile = LogTransport & { close(): Promise<void> };

/** The log file. It is opened when the first line is written. */
function createLogFile(path: string | true): LogFile {
  let file: FileTransport | undefined;
  return {
    write(record) {
      file ??= new FileTransport(path === true ? "server.log" : path);
      file.write(record);
    },
    flush: async () => file?.flush(),
    close: async () => file?.close(),
  };
}

function load(
  options: MiqroOptions,
  signal: AbortSignal,
  version: number | undefined,
  { keepsTexts, tests }: Mode,
): Promise<Composition> {
  return loadComposition({
    signal,
    version,
    keepsTexts: keepsTexts ?? true,
    tests: tests === true,
    services: [options.services].flat(),
    compileTimeout: options.compileTimeout ?? 15_000,
    noBuild: options.noBuild,
    client: { clientBundle: options.clientBundle, noMinify: options.noMinify },
    parallel: options.inflateParallel === undefined ? undefined : Number(options.inflateParallel),
    onWait: (file, count) => options.onCompileWait?.(file, count),
    onCompiled: (files) => options.onCompiled?.(files),
  });
}

/** Calls a hook of each service. Before the server listens, the first hook that throws stops the start. */
async function runHook(
  file: string,
  config: ServerConfig,
  name: keyof ServerConfig,
  server: Server,
): Promise<void> {
  try {
    await waitFor(`the ${name} hook of ${file}`, () => config[name]?.(server));
  } catch (error) {
    throw new StartError([hookProblem(file, name, error)]);
  }
}

function hookProblem(file: string, name: string, error: unknown): Problem {
  const where = error instanceof Error ? firstFrame(error) : undefined;
  const message = `its ${name} hook failed: ${messageOf(error)}`;
  return { file, message: where === undefined ? message : `${message} (${where})`, cause: error };
}
