import assert from "node:assert/strict";
import cluster from "node:cluster";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Agent } from "node:http";
import { type ClientHttp2Session, connect } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text as readText } from "node:stream/consumers";
import { describe, it, type TestContext } from "node:test";
import {
  ClusterManager,
  ClusterStateError,
  ClusterStoppedError,
  SpareFailedError,
  WorkerFailedError,
  type WorkerInfo,
} from "@miqro/runner";
import { scale } from "miqro-tests/scale";
import { createKeepAliveAgent, fixture, get, isRunning, startCluster, until } from "./support/cluster.js";

function createModeFile(test: TestContext): { readonly path: string; write(mode: string): void } {
  const folder = mkdtempSync(join(tmpdir(), "runner-"));
  test.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "mode");
  const write = (mode: string) => writeFileSync(path, mode);
  write("first");
  return { path, write };
}

/** Sends one GET request over a session of HTTP/2. */
function ask(session: ClientHttp2Session, path: string): Promise<string> {
  return readText(session.request({ ":path": path }));
}

describe("ClusterManager.reload", () => {
  it("replaces all workers under load and loses no request", async (test) => {
    const { manager, port } = await startCluster(test, { script: fixture("plain-server.js"), nodes: 2 });
    const agents = Array.from({ length: 12 }, () => createKeepAliveAgent(test));
    const load = startLoad(port, [...agents, undefined]);
    for (let count = 0; count < 5; count++) await manager.reload();
    await until(() => load.pids.length >= 3000);
    const processes = new Set(await load.end()).size;
    test.diagnostic(`${load.pids.length} requests answered by ${processes} processes during 5 reloads`);
    assert.ok(processes >= 10, `only ${processes} processes answered`);
  });

  for (const [way, end] of [
    ["a reload", (manager: ClusterManager) => manager.reload()],
    ["a stop", (manager: ClusterManager) => manager.stop({ timeout: 60_000 })],
  ] as const) {
    it(`ends the sessions of HTTP/2 with their last response: ${way}`, async (test) => {
      const script = fixture("http2-server.js");
      const { manager, port } = await startCluster(test, { script, nodes: 1, drainIdle: 50 });
      const sessions = [connect(`http://127.0.0.1:${port}`), connect(`http://127.0.0.1:${port}`)] as const;
      test.after(() => {
        for (const session of sessions) session.destroy();
      });
      const [busy, idle] = sessions;
      const pid = await ask(idle, "/");
      const waiting = busy.request({ ":path": "/wait" });
      await once(waiting, "response");
      const told = once(busy, "goaway");
      const closed = sessions.map((session) => once(session, "close"));
      const gone = once(manager, "exit");
      const ended = end(manager);
      await told;
      await closed[1];
      // The request that has begun still gets its response.
      process.kill(Number(pid), 0);
      await assert.rejects(async () => ask(busy, "/"));
      process.kill(Number(pid), "SIGCONT");
      assert.equal(await readText(waiting), pid);
      await closed[0];
      const [, exit] = (await gone) as [WorkerInfo, { code: number | null }];
      assert.equal(exit.code, 0);
      await ended;
    });
  }

  it("loses no connection that is handed to a worker at its end", async (test) => {
    const options = { script: fixture("plain-server.js"), nodes: 2, drainIdle: 0 };
    const { manager, port } = await startCluster(test, options);
    const load = startLoad(port, Array.from({ length: 25 }));
    for (let count = 0; count < 10; count++) await manager.reload();
    await load.end();
  });

  it("resets no connection whose request has arrived, however busy the machine is", async (test) => {
    const options = { script: fixture("plain-server.js"), nodes: 1, drainIdle: 100 };
    const { manager, port } = await startCluster(test, options);
    const agents = Array.from({ length: 40 }, () => createKeepAliveAgent(test));
    const load = startLoad(port, agents);
    for (let count = 0; count < scale({ sample: 5, full: 60 }); count++) await manager.reload();
    test.diagnostic(`${(await load.end()).length} requests`);
  });

  it("keeps the numbers of the workers", async (test) => {
    const { manager, port } = await startCluster(test, { script: fixture("plain-server.js"), nodes: 2 });
    await manager.reload();
    const numbers = new Set<string>();
    await until(async () => {
      numbers.add((JSON.parse((await get(port, "/")).body) as { number: string }).number);
      return numbers.size === 2;
    });
    assert.deepEqual([...numbers].sort(), ["0", "1"]);
  });

  it("lets the old worker finish its requests and tells the client to close", async (test) => {
    const { manager, port } = await startCluster(test, { script: fixture("plain-server.js"), nodes: 1 });
    const agent = createKeepAliveAgent(test);
    const before = JSON.parse((await get(port, "/", agent)).body) as { pid: number };
    const slow = get(port, "/?delay=600", agent);
    await manager.reload();
    // On a busy machine the answer can leave before the successor is there; then the next one is the last.
    const first = await slow;
    const last = first.connection === "close" ? first : await get(port, "/", agent);
    assert.equal((JSON.parse(last.body) as { pid: number }).pid, before.pid);
    assert.equal(last.connection, "close");
    await until(() => !isRunning(before.pid));
    assert.notEqual((JSON.parse((await get(port, "/", agent)).body) as { pid: number }).pid, before.pid);
  });

  it("rejects with the exit code and the uncaught error of a successor, and the old worker serves on", async (test) => {
    const mode = createModeFile(test);
    const env = { MODE_FILE: mode.path, NODE_OPTIONS: "--unhandled-rejections=strict" };
    const options = { script: fixture("switchable-server.js"), nodes: 1, env };
    const { manager, port } = await startCluster(test, options);

    mode.write("exit");
    await assert.rejects(manager.reload(), (error) => {
      assert.ok(error instanceof WorkerFailedError);
      assert.equal(error.code, "RUNNER_WORKER_FAILED");
      assert.equal(error.exitCode, 7);
      return true;
    });
    mode.write("report");
    await assert.rejects(manager.reload(), (error) => {
      assert.ok(error instanceof WorkerFailedError);
      assert.equal(error.exitCode, 20);
      assert.equal(error.reported?.message, "app/db.ts: the key storge is not known");
      assert.equal(error.reported.deliberate, true);
      assert.match(error.message, /key storge is not known/);
      return true;
    });
    assert.equal((await get(port, "/")).body, "first");
    mode.write("second");
    await manager.reload();
    assert.equal((await get(port, "/")).body, "second");
  });

  it("reports an uncaught error of a successor without its help", async (test) => {
    const mode = createModeFile(test);
    const options = { script: fixture("switchable-server.js"), nodes: 1, env: { MODE_FILE: mode.path } };
    const { manager, port } = await startCluster(test, options);
    mode.write("throw");
    await assert.rejects(manager.reload(), (error) => {
      assert.ok(error instanceof WorkerFailedError);
      assert.equal(error.exitCode, 1);
      assert.equal(error.reported?.message, "the template has no end");
      assert.equal(error.reported.deliberate, false);
      return true;
    });
    assert.equal((await get(port, "/")).body, "first");
  });

  it("gives up a successor that neither listens nor reports ready in time", async (test) => {
    const mode = createModeFile(test);
    const env = { MODE_FILE: mode.path };
    const options = { script: fixture("switchable-server.js"), nodes: 1, env, startTimeout: 500 };
    const { manager, port } = await startCluster(test, options);
    mode.write("hang");
    await assert.rejects(manager.reload(), /neither listened nor called reportReady\(\) within 500 ms/);
    assert.equal((await get(port, "/")).body, "first");
  });

  it("shares one further run among calls made during a run", async (test) => {
    const { manager } = await startCluster(test, { script: fixture("plain-server.js"), nodes: 1 });
    let ready = 0;
    manager.on("ready", () => ready++);
    await Promise.all([manager.reload(), manager.reload(), manager.reload(), manager.reload()]);
    assert.equal(ready, 2);
  });

  it("rejects when the cluster is not running or stops meanwhile", async (test) => {
    const { manager } = await startCluster(test, { script: fixture("plain-server.js"), nodes: 1 });
    const reload = manager.reload();
    const stop = manager.stop();
    await assert.rejects(reload, ClusterStoppedError);
    await stop;
    await assert.rejects(manager.reload(), ClusterStateError);
  });

  it("uses the warm spare and starts a new one", async (test) => {
    const script = fixture("spare-server.js");
    const manager = new ClusterManager({ script, nodes: 1, spare: true, preload: fixture("preload.js") });
    test.after(() => manager.stop({ timeout: 0 }));
    let preloaded = once(manager, "message");
    const listening = once(cluster, "listening") as Promise<[unknown, { port: number }]>;
    await manager.start();
    const [, { port }] = await listening;
    assert.deepEqual(await readState(port), { preloaded: false, number: 0 });

    const times: number[] = [];
    for (let count = 0; count < 5; count++) {
      const [, worker] = (await preloaded) as [unknown, WorkerInfo];
      assert.equal(worker.number, undefined);
      preloaded = once(manager, "message");
      const start = performance.now();
      await manager.reload();
      times.push(performance.now() - start);
      assert.deepEqual(await readState(port), { preloaded: true, number: 0 });
    }
    test.diagnostic(`from reload() to listening with a spare, ms: ${times.map(Math.round).join(" ")}`);
  });

  it("uses a spare that is still starting", async (test) => {
    const options = { script: fixture("spare-server.js"), nodes: 1, spare: true };
    const { manager, port } = await startCluster(test, { ...options, preload: fixture("preload.js") });
    await manager.reload();
    assert.deepEqual(await readState(port), { preloaded: true, number: 0 });
  });

  it("goes on without a spare whose preload fails", async (test) => {
    const options = { script: fixture("plain-server.js"), nodes: 1, spare: true, maxCrashes: 2 };
    const manager = new ClusterManager({ ...options, preload: fixture("crashing-worker.js") });
    test.after(() => manager.stop({ timeout: 0 }));
    const failed = new Promise<Error>((resolve) => manager.on("error", resolve));
    await manager.start();
    const error = await failed;
    assert.ok(error instanceof SpareFailedError);
    assert.match(error.message, /the disk is on fire/);
    await manager.reload();
    assert.equal(manager.isPoolAlive(), true);
  });
});

/** Requests without a pause, each client over its agent or with a new connection each time. */
function startLoad(port: number, agents: readonly (Agent | undefined)[]) {
  const pids: number[] = [];
  const failures: unknown[] = [];
  let loading = true;
  const clients = agents.map(async (agent) => {
    while (loading && failures.length === 0) {
      try {
        const { status, body } = await get(port, `/?delay=${pids.length % 3}`, agent);
        assert.equal(status, 200);
        pids.push((JSON.parse(body) as { pid: number }).pid);
      } catch (error) {
        failures.push(error);
      }
    }
  });
  async function end(): Promise<readonly number[]> {
    loading = false;
    await Promise.all(clients);
    assert.deepEqual(failures, []);
    return pids;
  }
  return { pids, end };
}

async function readState(port: number): Promise<unknown> {
  const { preloaded, number } = JSON.parse((await get(port, "/")).body) as Record<string, unknown>;
  return { preloaded, number };
}
