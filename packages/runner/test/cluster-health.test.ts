import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ClusterManager, InvalidOptionError, type WorkerInfo, WorkerStuckError } from "@miqro/runner";
import { createKeepAliveAgent, fixture, get, isRunning, startCluster, until } from "./support/cluster.js";

const script = fixture("busy-server.js");

describe("the heartbeat", () => {
  it("replaces a worker in an endless loop, while the others serve", async (test) => {
    const { manager, port } = await startCluster(test, { script, nodes: 2, heartbeatTimeout: 1000 });
    const errors: Error[] = [];
    manager.on("error", (error) => errors.push(error));
    const ready = new Promise<WorkerInfo>((resolve) => manager.once("ready", resolve));
    const spinning = get(port, "/spin").catch((error: Error) => error);
    let answers = 0;
    let isOver = false;
    test.after(() => {
      isOver = true;
    });
    const load = (async () => {
      for (; !isOver; answers++) await get(port, "/");
    })();
    const { number } = await ready;
    assert.ok((await spinning) instanceof Error);
    await get(port, "/");
    isOver = true;
    await load;
    assert.equal(errors.length, 1);
    assert.ok(errors[0] instanceof WorkerStuckError);
    assert.match(errors[0].message, new RegExp(`Worker ${number} .*did not answer for 1000 ms`));
    assert.ok(answers > 10, `${answers} answers meanwhile`);
  });

  it("leaves a worker alone that is only busy", async (test) => {
    const { manager, port } = await startCluster(test, { script, nodes: 1, heartbeatTimeout: 5000 });
    const before = (await get(port, "/")).body;
    for (let count = 0; count < 4; count++) await get(port, "/busy");
    assert.equal((await get(port, "/")).body, before);
    assert.equal(manager.isPoolAlive(), true);
  });

  it("can be turned off", async () => {
    assert.throws(() => new ClusterManager({ script, heartbeatTimeout: -1 }), InvalidOptionError);
    assert.throws(() => new ClusterManager({ script, drainDelay: 0.5 }), InvalidOptionError);
    new ClusterManager({ script, heartbeatTimeout: 0 });
  });
});

describe("stopping under load", () => {
  it("says that it drains, answers meanwhile, finishes what is in flight, and leaves in time", async (test) => {
    const options = { script, nodes: 2, drainDelay: 600, stopTimeout: 8000 };
    const { manager, port } = await startCluster(test, options);
    const agents = Array.from({ length: 8 }, () => createKeepAliveAgent(test));
    const pids = new Set<number>();
    for (const agent of agents) pids.add(Number((await get(port, "/", agent)).body));
    assert.equal((await get(port, "/health")).status, 200);
    const exits: unknown[] = [];
    manager.on("exit", (_worker, exit) => exits.push([exit.code, exit.signal, exit.expected]));

    const slow = agents.map((agent) => get(port, "/?delay=1500", agent));
    await get(port, "/");
    const begun = performance.now();
    const stopped = manager.stop();
    await until(async () => (await get(port, "/health")).status === 503);
    // A proxy that has not noticed yet still gets its answers.
    assert.equal((await get(port, "/")).status, 200);
    assert.equal((await get(port, "/health")).body, '{"status":"draining"}');
    for (const { status, connection } of await Promise.all(slow)) {
      assert.equal(status, 200);
      assert.equal(connection, "close");
    }
    await stopped;
    assert.ok(performance.now() - begun < 8000);
    assert.deepEqual(exits, [
      [0, null, true],
      [0, null, true],
    ]);
    assert.deepEqual([...pids].filter(isRunning), []);
    await assert.rejects(get(port, "/"), { code: "ECONNREFUSED" });
  });

  it("does not wait when workers are replaced", async (test) => {
    const { manager, port } = await startCluster(test, { script, nodes: 1, drainDelay: 20_000 });
    const before = (await get(port, "/")).body;
    await manager.reload();
    await until(async () => (await get(port, "/")).body !== before);
    await until(() => !isRunning(Number(before)));
    await manager.stop({ timeout: 0 });
  });
});
