import { type CloseOptions, type ListenAddress, Logger } from "@miqro/core";
import { createApp, type WebSockets } from "../composition/create-app.js";
import { createDatabases } from "../composition/databases.js";
import { type Composition, loadComposition } from "../composition/load-composition.js";
import { type Problem, StartError } from "../errors.js";
import { createServer } from "../req-server/create-server.js";
import type { Server } from "../req-server/server.js";
import { describeThrown, firstFrame } from "../service/load-module.js";
import type { ServerConfig } from "../service/types.js";
import { waitFor } from "../service/waiting.js";
import { type MiqroOptions, toPort } from "./miqro-options.js";

/** How a server ends. */
export interface StopOptions extends CloseOptions {
  /** True tells WebSocket clients to come back, since another version takes over. Default false. */
  readonly replaced?: boolean;
}

/** One life of a composition, from loading to the last closed connection. */
export class RunningComposition {
  readonly #options: MiqroOptions;
  readonly #requestStop: () => void;
  /** How to undo what was begun, in the order in which it began. */
  readonly #undo: (() => unknown)[] = [];

  #stopOptions: StopOptions = {};
  /** Resolves when all is undone. */
  readonly stopped: Promise<void>;
  #setStopped: () => void = () => {};

  constructor(options: MiqroOptions, requestStop: () => void) {
    this.#options = options;
    this.#requestStop = requestStop;
    this.stopped = new Promise((resolve) => {
      this.#setStopped = resolve;
    });
  }

  async start(): Promise<ListenAddress> {
    const composition = await load(this.#options);
    const databases = await createDatabases(composition, getLogger);
    const webSockets = await loadWebSockets(composition);
    const server = createServer({ databases, webSockets, getLogger, stop: this.#requestStop });
    const app = await createApp(composition, {
      server,
      webSockets,
      appOptions: {
        ...(this.#options.trustProxy === undefined ? {} : { trustProxy: this.#options.trustProxy }),
      },
    });

    this.#undo.push(() => databases.disconnect());
    this.#undo.push(() => runHooks("stop", composition, server));
    await runHooks("preload", composition, server);
    await databases.connect();
    if (server.isPrimaryWorker()) await databases.migrate("up");
    this.#undo.push(() => runHooks("unload", composition, server));
    await runHooks("load", composition, server);
    this.#undo.push(async () => {
      const { replaced, ...closeOptions } = this.#stopOptions;
      if (replaced === true) await server.ws.disconnectAll();
      await app.close(closeOptions);
    });
    const { host } = this.#options;
    const address = await app.listen({
      port: toPort(this.#options.port),
      ...(host === undefined ? {} : { host }),
    });
    await runHooks("start", composition, server);
    return address;
  }

  /** Undoes everything that was begun, last first, whatever fails on the way. */
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

/** Migrates without anything else of the composition coming to life. */
export async function migrateComposition(options: MiqroOptions, direction: "up" | "down"): Promise<void> {
  const databases = await createDatabases(await load(options), getLogger);
  try {
    await databases.connect();
    await databases.migrate(direction);
  } finally {
    await databases.disconnect();
  }
}

async function loadWebSockets(composition: Composition): Promise<WebSockets> {
  if (composition.services.every(({ configs }) => configs.ws.length === 0)) {
    return { byPath: new Map(), byService: new Map() };
  }
  return (await import("../composition/web-sockets.js")).createWebSockets(composition);
}

function load(options: MiqroOptions): Promise<Composition> {
  return loadComposition({
    services: [options.services].flat(),
    compileTimeout: options.compileTimeout ?? 15_000,
    onWait: (file, count) => options.onCompileWait?.(file, count),
  });
}

function getLogger(identifier: string): Logger {
  return new Logger(identifier);
}

/** Calls one hook of every service; before listening, the first that throws stops the start. */
async function runHooks(name: keyof ServerConfig, { services }: Composition, server: Server): Promise<void> {
  for (const { configs, scanned } of services) {
    const file = scanned.configs.get("server")?.source ?? scanned.folder;
    try {
      await waitFor(`the ${name} hook of ${file}`, () => configs.server?.[name]?.(server));
    } catch (error) {
      throw new StartError([hookProblem(file, name, error)]);
    }
  }
}

function hookProblem(file: string, name: string, error: unknown): Problem {
  const where = error instanceof Error ? firstFrame(error) : undefined;
  const message = `its ${name} hook failed: ${error instanceof Error ? error.message : describeThrown(error)}`;
  return { file, message: where === undefined ? message : `${message} (${where})`, cause: error };
}
