import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { requestReload } from "@miqro/runner/worker";
import { fixture, get, isRunning, startCluster, until } from "./support/cluster.js";

interface Seen {
  readonly pid: number;
  readonly isWorker: boolean;
  readonly outcome: string;
}

describe("requestReload", () => {
  it("replaces all workers, that of the caller too, which still answers", async (test) => {
    const { manager, port } = await startCluster(test, { script: fixture("reloading-server.js"), nodes: 2 });
    const before = new Set<number>();
    await until(async () => {
      before.add((JSON.parse((await get(port, "/")).body) as Seen).pid);
      return before.size === 2;
    });
    const drains: unknown[] = [];
    manager.on("message", (payload) => drains.push(payload));
    const answer = JSON.parse((await get(port, "/reload")).body) as Seen;
    assert.equal(answer.outcome, "reloaded");
    assert.equal(answer.isWorker, true);
    assert.ok(before.has(answer.pid));
    await until(() => [...before].every((pid) => !isRunning(pid)));
    const { pid } = JSON.parse((await get(port, "/")).body) as Seen;
    assert.ok(!before.has(pid));
    assert.deepEqual(drains, [{ replaced: true }, { replaced: true }]);
    await manager.stop();
    assert.deepEqual(drains.slice(2), [{ replaced: false }, { replaced: false }]);
  });

  it("rejects with what kept a successor from its start, and all continue to serve", async (test) => {
    const folder = mkdtempSync(join(tmpdir(), "runner-"));
    test.after(() => rmSync(folder, { recursive: true }));
    const env = { MODE_FILE: join(folder, "mode") };
    writeFileSync(env.MODE_FILE, "good");
    const { port } = await startCluster(test, { script: fixture("reloading-server.js"), nodes: 2, env });
    writeFileSync(env.MODE_FILE, "bad");
    const { outcome, pid } = JSON.parse((await get(port, "/reload")).body) as Seen;
    assert.match(outcome, /^RUNNER_RELOAD_FAILED Worker 0 .*continues to serve.*this version is bad/s);
    assert.ok(isRunning(pid));
  });

  it("is refused outside a cluster", async () => {
    await assert.rejects(requestReload(), {
      code: "RUNNER_CLUSTER_STATE",
      message: /not a worker of a cluster/,
    });
  });
});
