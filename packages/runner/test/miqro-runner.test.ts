import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, it, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { createKeepAliveAgent, fixture, get, isRunning, until } from "./support/cluster.js";

const bin = fileURLToPath(new URL("../bin/miqro-runner.js", import.meta.url));

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
  readonly stderr: () => string;
}

function run(test: TestContext, args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [bin, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  test.after(() => child.kill("SIGKILL"));
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
  });
  return { child, stdout: child.stdout, stderr: () => stderr };
}

async function serve(test: TestContext, count: number): Promise<Running> {
  const env = { CLUSTER_COUNT: String(count), ANNOUNCE: "1" };
  const { child, stdout, stderr } = run(test, [fixture("plain-server.js")], env);
  let port = 0;
  let listening = 0;
  createInterface(stdout).on("line", (line) => {
    ({ port } = JSON.parse(line) as { port: number });
    listening++;
  });
  await until(() => listening === count);
  return { child, port, stderr };
}

async function pidsOf(port: number, count: number): Promise<number[]> {
  const pids = new Set<number>();
  await until(async () => {
    pids.add((JSON.parse((await get(port, "/")).body) as { pid: number }).pid);
    return pids.size === count;
  });
  return [...pids];
}

describe("miqro-runner", () => {
  for (const { name, args, env, message } of [
    { name: "a missing argument", args: [], env: {}, message: /A script is missing/ },
    { name: "a missing file", args: ["missing.js"], env: {}, message: /missing\.js does not exist/ },
    { name: "an unknown option", args: ["--fast"], env: {}, message: /option --fast is not known/ },
    {
      name: "a wrong count",
      args: ["x.js"],
      env: { CLUSTER_COUNT: "many" },
      message: /CLUSTER_COUNT .* "many"/,
    },
    {
      name: "a wrong delay",
      args: ["x.js"],
      env: { CLUSTER_DRAIN_DELAY: "10000" },
      message: /CLUSTER_DRAIN_DELAY .* "10000"/,
    },
  ]) {
    it(`refuses ${name} with exit code 10 and one line`, async (test) => {
      const { child, stderr } = run(test, args, env);
      const [code] = await once(child, "close");
      assert.equal(code, 10);
      assert.match(stderr(), message);
      assert.equal(stderr().trim().split("\n").length, 1);
    });
  }

  it("ends with a message and exit code 1 when the script fails again and again", async (test) => {
    const { child, stderr } = run(test, [fixture("crashing-worker.js")], { CLUSTER_COUNT: "1" });
    const [code] = await once(child, "close");
    assert.equal(code, 1);
    assert.match(stderr(), /Worker 0 ended 8 times in a row/);
  });

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it(`finishes the requests on ${signal} and ends with exit code 0`, async (test) => {
      const { child, port } = await serve(test, 2);
      const pids = await pidsOf(port, 2);
      const agents = Array.from({ length: 6 }, () => createKeepAliveAgent(test));
      await Promise.all(agents.map((agent) => get(port, "/", agent)));
      const slow = agents.map((agent) => get(port, "/?delay=500", agent));
      await get(port, "/");
      const exit = once(child, "exit");
      child.kill(signal);
      for (const { status } of await Promise.all(slow)) assert.equal(status, 200);
      assert.deepEqual(await exit, [0, null]);
      assert.deepEqual(pids.filter(isRunning), []);
      await assert.rejects(get(port, "/"), { code: "ECONNREFUSED" });
    });
  }

  it("replaces the workers on SIGHUP", async (test) => {
    const { child, port, stderr } = await serve(test, 2);
    const before = await pidsOf(port, 2);
    child.kill("SIGHUP");
    await until(() => stderr().includes("All workers have been replaced."));
    const after = await pidsOf(port, 2);
    assert.deepEqual(
      after.filter((pid) => before.includes(pid)),
      [],
    );
  });

  it("leaves no worker behind when it is killed, and their requests are answered", async (test) => {
    const { child, port } = await serve(test, 2);
    const pids = await pidsOf(port, 2);
    const slow = Array.from({ length: 4 }, () => get(port, "/?delay=400"));
    await get(port, "/");
    child.kill("SIGKILL");
    for (const { status } of await Promise.all(slow)) assert.equal(status, 200);
    await until(() => !pids.some(isRunning));
  });
});
