import cluster from "node:cluster";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { ClusterManager, type ClusterOptions } from "@miqro/runner";

/** Path of a compiled script in `fixtures/`. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
}

export interface StartedCluster {
  readonly manager: ClusterManager;
  /** The port of the first worker that listened. */
  readonly port: number;
}

/** Starts a cluster of a script that listens on port 0, and stops it after the test. */
export async function startCluster(test: TestContext, options: ClusterOptions): Promise<StartedCluster> {
  const manager = new ClusterManager(options);
  test.after(() => manager.stop({ timeout: 0 }));
  const listening = once(cluster, "listening");
  await manager.start();
  const [, address] = (await listening) as [unknown, { port: number }];
  return { manager, port: address.port };
}

export interface Answer {
  readonly status: number | undefined;
  readonly connection: string | undefined;
  readonly body: string;
}

/** Sends one GET request; without an agent on a connection of its own. */
export function get(port: number, path: string, agent?: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = {
      host: "127.0.0.1",
      port,
      path,
      agent: agent ?? false,
      signal: AbortSignal.timeout(5000),
    };
    const req = request(options, (res) => {
      let body = "";
      res.setEncoding("utf8").on("data", (chunk: string) => {
        body += chunk;
      });
      res.on("error", reject);
      res.on("end", () => resolve({ status: res.statusCode, connection: res.headers.connection, body }));
    });
    req.on("error", reject).end();
  });
}

export function createKeepAliveAgent(test: TestContext): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  test.after(() => agent.destroy());
  return agent;
}

/** Polls until `check` is true; throws after `deadline` milliseconds. */
export async function until(check: () => boolean | Promise<boolean>, deadline = 10_000): Promise<void> {
  const end = performance.now() + deadline;
  while (!(await check())) {
    if (performance.now() > end) throw new Error(`Not so within ${deadline} ms: ${check}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** False for a process that is gone, or ended and waits to be collected by its parent. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    if (process.platform !== "linux") return true;
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
