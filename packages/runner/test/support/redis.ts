import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { findPort } from "miqro-tests/free-port";
import { until } from "./cluster.js";

/** Why a test that needs a Redis cannot run here; false when it can. */
export function missingRedis(): string | false {
  if (!existsSync(new URL("../../../../test/parts/node_modules/redis", import.meta.url))) {
    return "the package redis is not installed: run npm test once";
  }
  if (spawnSync("redis-server", ["--version"]).status === 0) return false;
  return "redis-server is not installed; on Debian: apt-get install redis-server (see scripts/debian-parts.ts)";
}

/** A Redis of the test's own, on a free port, that keeps nothing on disk. */
export class RedisServer {
  readonly port: number;
  readonly #host: string;
  readonly #folder = mkdtempSync(join(tmpdir(), "runner-redis-"));
  #process: ChildProcess | undefined;

  /** @param host The address where it listens. */
  static async start(test: TestContext, host = "127.0.0.1"): Promise<RedisServer> {
    const server = new RedisServer(await findPort(), host);
    test.after(async () => {
      await server.kill();
      rmSync(server.#folder, { recursive: true, force: true });
    });
    await server.start();
    return server;
  }

  private constructor(port: number, host: string) {
    this.port = port;
    this.#host = host;
  }

  get url(): string {
    return `redis://${this.#host}:${this.port}`;
  }

  async start(): Promise<void> {
    const args = [
      "--port",
      String(this.port),
      "--bind",
      this.#host,
      "--protected-mode",
      "no",
      "--save",
      "",
      "--appendonly",
      "no",
    ];
    this.#process = spawn("redis-server", [...args, "--dir", this.#folder], { stdio: "ignore" });
    await until(() => canConnect(this.port, this.#host));
  }

  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  }

  /** Loses all data, as a server without a disk does when it is started again. */
  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  /** Runs a command with the server's own client. */
  run(...args: readonly string[]): string {
    const result = spawnSync("redis-cli", ["-h", this.#host, "-p", String(this.port), ...args], {
      encoding: "utf8",
    });
    return result.stdout.trim();
  }
}

/** A proxy to a port that can stop to carry anything, without a word to either side, as a cut cable does. */
export class Cable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  static async to(test: TestContext, port: number): Promise<Cable> {
    const cable = new Cable(port);
    cable.#server.listen(0, "127.0.0.1");
    await once(cable.#server, "listening");
    test.after(() => {
      cable.#server.close();
      for (const socket of cable.#sockets) socket.destroy();
    });
    return cable;
  }

  private constructor(port: number) {
    this.#server = createServer((near) => {
      const far = connect(port, "127.0.0.1");
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(from);
        from.on("data", (chunk) => {
          if (!this.#isCut) to.write(chunk);
        });
        from.on("error", () => {});
        from.on("close", () => {
          this.#sockets.delete(from);
          if (!this.#isCut) to.destroy();
        });
      }
    });
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  cut(): void {
    this.#isCut = true;
  }

  /** Connections from before stay dead, as after a long cut. */
  mend(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#isCut = false;
  }
}

function canConnect(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
