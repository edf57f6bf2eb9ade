import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { describe, it, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { fixture, get, isRunning, until } from "./support/cluster.js";

const bin = fileURLToPath(new URL("../bin/miqro-runner.js", import.meta.url));

function run(test: TestContext, args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [bin, ...args], {
    env: { ...process.env, CLUSTER_COUNT: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  test.after(() => child.kill("SIGKILL"));
  return child;
}

async function portOf(child: ChildProcess): Promise<number> {
  if (child.stdout === null) throw new Error("The output is not read.");
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  return (JSON.parse(line) as { port: number }).port;
}

describe("a worker that spins", () => {
  it("does not survive its primary", async (test) => {
    const child = run(test, [fixture("spinning-server.js")]);
    const port = await portOf(child);
    const pid = Number((await get(port, "/")).body);
    const spinning = assert.rejects(get(port, "/spin"));
    await until(() => stateOf(pid) === "R");
    child.kill("SIGKILL");
    await once(child, "exit");
    await until(() => !isRunning(pid));
    await spinning;
  });

  it("is killed when the cluster stops", async (test) => {
    const child = run(test, [fixture("spinning-server.js")]);
    const port = await portOf(child);
    const pid = Number((await get(port, "/")).body);
    const spinning = assert.rejects(get(port, "/spin"));
    await until(() => stateOf(pid) === "R");
    const exit = once(child, "exit");
    child.kill("SIGTERM");
    child.kill("SIGINT");
    await exit;
    assert.equal(isRunning(pid), false);
    await spinning;
  });
});

describe("SIGTERM before the start has ended", () => {
  it("ends the cluster with exit code 0 while a worker still loads", async (test) => {
    const child = run(test, [fixture("slow-starter.js")]);
    await once(child.stdout, "data");
    const begun = performance.now();
    child.kill("SIGTERM");
    assert.deepEqual(await once(child, "exit"), [0, null]);
    assert.ok(performance.now() - begun < 5000, "it was killed at the deadline");
  });

  it("ends it whenever it comes, and leaves no process behind", async (test) => {
    const delays = Array.from({ length: 12 }, (_, index) => index * 15);
    for (const delay of delays) {
      const child = run(test, [fixture("slow-starter.js")], { RUNNER_TEST: `early-${process.pid}` });
      const exit = once(child, "exit");
      await new Promise((resolve) => setTimeout(resolve, delay));
      child.kill("SIGTERM");
      const begun = performance.now();
      const [code, signal] = (await exit) as [number | null, NodeJS.Signals | null];
      // Before the first line of JavaScript runs, the system itself ends the process.
      assert.ok(code === 0 || signal === "SIGTERM", `after ${delay} ms: ${code} ${signal}`);
      assert.ok(performance.now() - begun < 5000, `after ${delay} ms it was killed at the deadline`);
    }
    const left = () => execFileSync("ps", ["-eo", "args=", "e"], { encoding: "utf8" });
    await until(() => !left().includes(`RUNNER_TEST=early-${process.pid}`));
  });

  it("is obeyed by process 1 of a container", async (test) => {
    const namespace = findNamespace();
    if (namespace === undefined)
      return test.skip("unshare is not there, or may not make a namespace of processes");
    const [command = "", ...args] = namespace;
    const child = spawn(command, [...args, process.execPath, bin, fixture("cleanup-server.js")], {
      env: { ...process.env, CLUSTER_COUNT: "2", CLEANUP: "takes a while", LOG_FILE: "/dev/null" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    test.after(() => child.kill("SIGKILL"));
    await portOf(child);
    const [first = 0] = childrenOf(child.pid ?? 0);
    const workers = childrenOf(first);
    assert.ok(workers.length >= 2);
    const exit = once(child, "exit");
    process.kill(first, "SIGTERM");
    assert.deepEqual(await exit, [0, null]);
    assert.deepEqual([first, ...workers].filter(isRunning), []);
  });
});

describe("a reader of the output that goes away", () => {
  for (const path of ["/write", "/error"]) {
    it(`does not end the workers that write (${path})`, async (test) => {
      const child = run(test, [fixture("spinning-server.js")], { CLUSTER_COUNT: "2" });
      const port = await portOf(child);
      const pids = new Set<string>();
      const ask = async (target: string) => void pids.add((await get(port, target)).body);
      await until(() => ask("/").then(() => pids.size === 2));
      child.stdout.destroy();
      child.stderr.destroy();
      for (let count = 0; count < 10; count++) await ask(path);
      assert.equal(pids.size, 2);
      // The primary writes as well, about the worker that ended.
      process.kill(Number([...pids][0]), "SIGKILL");
      await until(() =>
        ask(path).then(
          () => pids.size === 3,
          () => false,
        ),
      );
      assert.equal(child.exitCode, null);
    });
  }
});

describe("an error that ends a worker", () => {
  it("is told with the line of the source, its cause and the errors that it collects", async (test) => {
    const child = run(test, [fixture("failing-worker.js")]);
    const [output] = await Promise.all([text(child.stderr), once(child, "exit")]);
    const message = output.slice(output.indexOf("Worker 0 ended 8 times in a row"));
    assert.match(message, /Error: the order was not saved\n\s+at .*failing-worker\.ts:5:\d+/);
    assert.match(message, /\[cause\]: AggregateError: no database/);
    assert.match(message, /ECONNREFUSED ::1:5432/);
    assert.match(message, /ECONNREFUSED 127\.0\.0\.1:5432/);
  });

  it("is told with its causes where the worker reports it", async (test) => {
    const child = run(test, [fixture("failing-worker.js"), "report"]);
    const [output, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
    assert.equal(code, 20);
    assert.match(
      output,
      /\nthe order was not saved\n {2}cause: no database\n {4}error: connect ECONNREFUSED ::1:5432\n {4}error: connect ECONNREFUSED 127/,
    );
  });

  it("is told as it was compiled where the user turned source maps off", async (test) => {
    const env = { NODE_OPTIONS: "--no-enable-source-maps", CLUSTER_DISABLE_RESTART: "1" };
    const child = run(test, [fixture("failing-worker.js")], env);
    const [output] = await Promise.all([text(child.stderr), once(child, "exit")]);
    assert.match(output, /failing-worker\.js:\d+:\d+/);
    assert.doesNotMatch(output, /failing-worker\.ts/);
  });
});

/** The arguments that run a program as process 1 of a namespace of its own. */
function findNamespace(): readonly string[] | undefined {
  const args = ["--pid", "--fork", "--kill-child"];
  const ways = [
    ["unshare", ...args],
    ["unshare", "--map-root-user", ...args],
    ["sudo", "-n", "unshare", ...args],
  ];
  return ways.find(([command = "", ...rest]) => spawnSync(command, [...rest, "true"]).status === 0);
}

function childrenOf(pid: number): number[] {
  const output = execFileSync("ps", ["-o", "pid=", "--ppid", String(pid)], { encoding: "utf8" });
  return output.trim().split(/\s+/).map(Number);
}

function stateOf(pid: number): string {
  return execFileSync("ps", ["-o", "state=", "-p", String(pid)], { encoding: "utf8" }).trim();
}
