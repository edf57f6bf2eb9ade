import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ListenOptions } from "@miqro/core";
import { type MiqroOptions, modes } from "../lifecycle/miqro-options.js";
import { RunningComposition } from "../lifecycle/running-composition.js";
import { loadOnUse } from "../load-on-use.js";
import type { Server } from "../req-server/server.js";
import type { ServiceFile } from "../service/scan-service.js";
import { createTestStorage } from "./test-database.js";
import { createTestRequest, type TestRequest } from "./test-request.js";

/** Loaded if the options of a `Miqro` may be wrong. */
const loadOptionsCheck = loadOnUse<typeof import("../options/check-miqro-options.js")>(
  import.meta.url,
  "../options/check-miqro-options.js",
);

/** The options of a server for tests. */
export interface TestServerOptions extends Omit<MiqroOptions, "port" | "host"> {
  /**
   * The storage of SQLite databases: a path, or `:memory:`. Default: `DB_STORAGE`, or else a new file for each
   * database, which is deleted at the end.
   */
  storage?: string;
}

/** A composition that runs for tests. */
export interface TestServer extends AsyncDisposable {
  /** The URL of the server, without a slash at the end: `http://127.0.0.1:41231`. */
  readonly url: string;
  /** Sends a request, and reads the whole answer. */
  readonly request: TestRequest;
  /** Calls `fetch` with a path of this server. */
  fetch(path: string, init?: RequestInit): Promise<globalThis.Response>;
  /** The object that handlers find as `req.server`: databases, caches and the rest. */
  readonly server: Server;
  /** Ends the server, and deletes its databases. */
  stop(): Promise<void>;
}

/**
 * Starts services for tests, on a free port of this machine. The test has its own databases. Migrations and the hooks
 * `preload` and `load` run.
 * @throws {StartError} with all errors of the services
 */
export async function testServer(options: TestServerOptions): Promise<TestServer> {
  const { storage, ...rest } = Object(options) as TestServerOptions;
  loadOptionsCheck().checkMiqroOptions(rest);
  const started = await startForTests(rest, { port: 0, host: "127.0.0.1" }, storage);
  const { port } = started.address as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    request: createTestRequest({ host: "127.0.0.1", port }),
    fetch: (path, init) => fetch(new URL(path, url), init),
    server: started.server,
    stop: started.stop,
    [Symbol.asyncDispose]: started.stop,
  };
}

/** A composition in the mode of tests. */
export interface StartedForTests {
  readonly address: AddressInfo | string;
  readonly server: Server;
  /** The test files of its services. */
  readonly tests: readonly ServiceFile[];
  stop(): Promise<void>;
}

/**
 * Starts services for tests.
 * @param where - a port; undefined for a Unix socket in a folder of this user
 */
export async function startForTests(
  options: MiqroOptions,
  where: ListenOptions | undefined,
  storage: string | undefined = process.env.DB_STORAGE,
): Promise<StartedForTests> {
  const folder = await mkdtemp(join(tmpdir(), "miqro-test-"));
  const path =
    process.platform === "win32" ? `\\\\.\\pipe\\miqro-test-${process.pid}` : join(folder, "socket");
  const running = new RunningComposition(
    // Tests send requests over plain HTTP, and their lines are not written to a log.
    { ...options, https: false, logFile: false },
    modes.test,
    { stop: () => void stop(), reload: async () => {}, restart: async () => {}, kept: {} },
    { storageOf: createTestStorage(folder, storage) },
  );
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= running
      .stop({ drainIdle: 0, timeout: 2000 })
      .finally(() => rm(folder, { recursive: true, force: true }));
    return stopped;
  };
  try {
    const address = await running.listen(where ?? { path });
    const { server, tests } = running.prepared;
    return { address, server, tests, stop };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}
