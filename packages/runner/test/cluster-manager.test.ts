import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import {
  ClusterManager,
  ClusterStateError,
  CrashLoopError,
  InvalidOptionError,
  ScriptNotFoundError,
  type WorkerExit,
  WorkerFailedError,
  type WorkerInfo,
} from "@miqro/runner";
import { fixture, get, startCluster, until } from "./support/cluster.js";

describe("ClusterManager", () => {
  it("refuses options that cannot work", () => {
    const script = fixture("plain-server.js");
    assert.throws(() => new ClusterManager({ script: "missing.js" }), ScriptNotFoundError);
    assert.throws(() => new ClusterManager({ script: "" }), InvalidOptionError);
    assert.throws(() => new ClusterManager({ script, nodes: 0 }), /nodes must be an integer from 1 to 1024/);
    assert.throws(() => new ClusterManager({ script, nodes: Number.NaN }), InvalidOptionError);
    assert.throws(() => new ClusterManager({ script, stopTimeout: -1 }), InvalidOptionError);
    assert.throws(() => new ClusterManager({ script, preload: "" }), InvalidOptionError);
  });

  it("replaces a killed worker with one of the same number", async (test) => {
    const { manager, port } = await startCluster(test, { script: fixture("plain-server.js"), nodes: 2 });
    const { pid, number } = JSON.parse((await get(port, "/")).body) as { pid: number; number: string };
    const exit = once(manager, "exit") as Promise<[WorkerInfo, WorkerExit]>;
    const ready = once(manager, "ready") as Promise<[WorkerInfo]>;
    process.kill(pid, "SIGKILL");

    const [gone, how] = await exit;
    assert.deepEqual(gone, { number: Number(number), pid });
    assert.deepEqual(how, { code: null, signal: "SIGKILL", expected: false, restartIn: 0 });
    const [next] = await ready;
    assert.equal(next.number, Number(number));
    assert.notEqual(next.pid, pid);
    assert.equal(manager.isPoolAlive(), true);
  });

  it("ends a crash loop, waiting longer before each restart", async () => {
    const options = { script: fixture("crashing-worker.js"), nodes: 1, maxCrashes: 4, restartDelay: 20 };
    const manager = new ClusterManager(options);
    const delays: (number | undefined)[] = [];
    manager.on("exit", (_worker, exit) => delays.push(exit.restartIn));
    let code: number | undefined;
    manager.on("stopped", (value) => {
      code = value;
    });
    await assert.rejects(manager.start(), (error) => {
      assert.ok(error instanceof CrashLoopError);
      assert.equal(error.crashes, 4);
      assert.match(
        error.message,
        /Worker 0 ended 4 times in a row.*exit code 1.*\nError: the disk is on fire/s,
      );
      return true;
    });
    assert.equal(code, 1);
    assert.deepEqual(delays, [0, 20, 40, undefined]);
    assert.equal(manager.isPoolAlive(), false);
  });

  it("does not restart with disableRestart, and ends when the last worker did", async (test) => {
    const options = { script: fixture("plain-server.js"), nodes: 1, disableRestart: true };
    const { manager, port } = await startCluster(test, options);
    const stopped = once(manager, "stopped");
    await assert.rejects(get(port, "/crash"));
    assert.deepEqual(await stopped, [3]);
  });

  it("gives workers their number, the arguments and the environment", async (test) => {
    const options = { script: fixture("talking-worker.js"), nodes: 2, args: ["--a", "b c"] };
    const manager = new ClusterManager({ ...options, env: { GREETING: "hello" } });
    test.after(() => manager.stop({ timeout: 0 }));
    const said: unknown[] = [];
    manager.on("message", (payload, { number }) => {
      said[number ?? -1] = payload;
    });
    await manager.start();
    const common = { count: 2, args: ["--a", "b c"], greeting: "hello" };
    assert.deepEqual(said, [
      { number: 0, primary: true, ...common },
      { number: 1, primary: false, ...common },
    ]);
  });

  it("carries messages both ways and warns of those that are not its own", async (test) => {
    const manager = new ClusterManager({ script: fixture("talking-worker.js"), nodes: 3 });
    test.after(() => manager.stop({ timeout: 0 }));
    await manager.start();
    const echoes: string[] = [];
    manager.on("message", (payload) => {
      const { echo, number } = payload as { echo: unknown; number: number };
      echoes.push(`${number} ${JSON.stringify(echo)}`);
    });
    manager.broadcast({ a: [1] });
    manager.broadcast("not for 1", 1);
    assert.equal(manager.send(null, 2), true);
    assert.equal(manager.send("nobody", 3), false);
    await until(() => echoes.length === 6);
    const expected = ["0", "1", "2"].map((number) => `${number} {"a":[1]}`);
    assert.deepEqual(echoes.sort(), [...expected, '0 "not for 1"', '2 "not for 1"', "2 null"].sort());

    const warning = once(manager, "warning");
    manager.send("foreign", 0);
    assert.match(String((await warning)[0]), /sendToPrimary/);
    assert.equal(manager.isPoolAlive(), true);
  });

  it("survives messages of any form", async (test) => {
    const manager = new ClusterManager({ script: fixture("hostile-worker.js"), nodes: 1 });
    test.after(() => manager.stop({ timeout: 0 }));
    const said: unknown[] = [];
    let warnings = 0;
    manager.on("message", (payload) => said.push(payload)).on("warning", () => warnings++);
    await manager.start();
    assert.deepEqual(said, ["done"]);
    assert.equal(warnings, 1);
  });

  it("ignores messages of any form in a worker, with one warning", async (test) => {
    const manager = new ClusterManager({ script: fixture("foreign-messages.js"), nodes: 1 });
    test.after(() => manager.stop({ timeout: 0 }));
    const said: unknown[] = [];
    manager.on("message", (payload) => said.push(payload));
    await manager.start();
    assert.deepEqual(said, [{ key: 1, warnings: 1 }]);
  });

  it("does not start when a worker reports a failure", async (test) => {
    const folder = mkdtempSync(join(tmpdir(), "runner-"));
    test.after(() => rmSync(folder, { recursive: true }));
    const env = { MODE_FILE: join(folder, "mode") };
    writeFileSync(env.MODE_FILE, "report");
    const manager = new ClusterManager({ script: fixture("switchable-server.js"), nodes: 2, env });
    const codes: number[] = [];
    manager.on("stopped", (code) => codes.push(code));
    await assert.rejects(manager.start(), WorkerFailedError);
    assert.deepEqual(codes, [20]);
  });

  it("does not restart a worker that ends with exit code 0", async () => {
    const manager = new ClusterManager({ script: fixture("talking-worker.js"), nodes: 2 });
    await manager.start();
    const stopped = once(manager, "stopped");
    manager.send("finish", 0);
    const [worker, exit] = (await once(manager, "exit")) as [WorkerInfo, WorkerExit];
    assert.equal(worker.number, 0);
    assert.equal(exit.restartIn, undefined);
    assert.equal(manager.isPoolAlive(), true);
    manager.send("finish", 1);
    assert.deepEqual(await stopped, [0]);
  });

  it("calls onDrain of the workers on stop and can be started again", async () => {
    const options = { script: fixture("talking-worker.js"), nodes: 1, stopTimeout: 5000, drainIdle: 700 };
    const manager = new ClusterManager(options);
    await manager.start();
    await assert.rejects(manager.start(), ClusterStateError);
    const said: unknown[] = [];
    const exits: WorkerExit[] = [];
    manager.on("message", (payload) => said.push(payload));
    manager.on("exit", (_worker, exit) => exits.push(exit));
    await manager.stop();
    assert.deepEqual(said, [{ draining: 0, timeout: 5000, idle: 700 }]);
    assert.deepEqual(exits, [{ code: 0, signal: null, expected: true, restartIn: undefined }]);
    await manager.start();
    await manager.stop();
  });

  it("does not wait for connections that never sent a request", async (test) => {
    const options = { script: fixture("plain-server.js"), nodes: 1, drainIdle: 100 };
    const { manager, port } = await startCluster(test, options);
    const silent = connect(port, "127.0.0.1");
    await once(silent, "connect");
    await get(port, "/");
    const exit = once(manager, "exit") as Promise<[WorkerInfo, WorkerExit]>;
    await manager.stop();
    assert.equal((await exit)[1].code, 0);
  });

  it("kills workers that have not finished in time", async (test) => {
    const { manager, port } = await startCluster(test, { script: fixture("plain-server.js"), nodes: 1 });
    const slow = assert.rejects(get(port, "/?delay=60000"));
    await get(port, "/");
    const exit = once(manager, "exit") as Promise<[WorkerInfo, WorkerExit]>;
    await manager.stop({ timeout: 300 });
    assert.notEqual((await exit)[1].code, 0);
    await slow;
  });

  it("runs CommonJS scripts as the main module", async (test) => {
    const { port } = await startCluster(test, { script: fixture("main-module.cjs"), nodes: 1 });
    assert.equal((await get(port, "/")).body, "main");
  });
});
