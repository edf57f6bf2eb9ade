import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { findPort } from "miqro-tests/free-port";
import { eventually } from "miqro-tests/process";

const parts = new URL("../../../../test/parts/package.json", import.meta.url);

/** Why a test that needs a Redis cannot run here; false when it can. */
export function missingRedis(): string | false {
  if (!existsSync(new URL("node_modules/redis", parts)))
    return "the package redis is not installed: run npm test once";
  return spawnSync("redis-server", ["--version"]).status === 0 ? false : "redis-server is not installed";
}

const hook = `
  export function resolve(name, context, next) {
    return next(name, name === "redis" ? { ...context, parentURL: ${JSON.stringify(parts.href)} } : context);
  }`;

/** For `NODE_OPTIONS`: has a process find the package redis among the parts that only tests need. */
export const findRedis: string = `--import=data:text/javascript,${encodeURIComponent(`
  import { register } from "node:module";
  register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hook)}`)});
`)}`;

/** Starts a Redis that keeps nothing on disk, and ends with the test. It gives the address. */
export async function startRedis(test: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "miqro-redis-"));
  const port = await findPort();
  const args = [
    "--port",
    `${port}`,
    "--bind",
    "127.0.0.1",
    "--save",
    "",
    "--appendonly",
    "no",
    "--dir",
    folder,
  ];
  const child = spawn("redis-server", args, { stdio: "ignore" });
  test.after(async () => {
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    await rm(folder, { recursive: true, force: true });
  });
  await eventually(async () => {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    socket.destroy();
  });
  return `redis://127.0.0.1:${port}`;
}
