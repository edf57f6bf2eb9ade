import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  createEmptyFolder,
  type EmptyFolder,
  type PackedPackages,
  packPackages,
} from "miqro-tests/packed-app";
import { eventually, type RunningProcess } from "miqro-tests/process";

const program = "miqro/bin/miqro-cluster.js";

describe("miqro-cluster of the packed packages", () => {
  let packed: PackedPackages;
  let folder: EmptyFolder;
  let cluster: RunningProcess;
  let url = "";

  before(async () => {
    packed = await packPackages();
    folder = await createEmptyFolder({ private: true, type: "module" });
    await folder.install(...packed.tarballs.values());
    await folder.write({
      "app/http/visit.api.js": `export default async ({ server }) => ({
        pid: process.pid,
        count: server.getWorkerCount(),
        sum: await server.cache.incr("visits"),
      });`,
      "app/http/health.api.js":
        'import { answerHealth } from "miqro"; export default (req, res) => answerHealth(req, res);',
    });
    const args = ["--no-build", "--service", "app/", "--port", "0", "--host", "127.0.0.1"];
    cluster = folder.start(program, args, { CLUSTER_COUNT: "2", NODE_ENV: "" });
    [, url = ""] = await cluster.waitFor(/ on (http:\/\/\S+) \(\d+ ms, 2 workers\)/);
  });

  after(async () => {
    await cluster?.stop();
    await folder?.remove();
    await packed?.remove();
  });

  /** Asks on a connection of its own. */
  const visit = async (): Promise<{ pid: number; count: number; sum: number }> => {
    const answer = await fetch(`${url}/visit`, { headers: { connection: "close" } });
    assert.equal(answer.status, 200);
    return answer.json() as Promise<{ pid: number; count: number; sum: number }>;
  };

  it("shares a cache between two workers, and keeps it in a reload that loses no request", async () => {
    const pids = new Set<number>();
    let last = 0;
    const ask = async (): Promise<void> => {
      const { pid, count, sum } = await visit();
      assert.deepEqual([count, sum], [2, last + 1]);
      last = sum;
      pids.add(pid);
    };
    await eventually(async () => {
      await ask();
      assert.equal(pids.size, 2);
    });
    cluster.child.kill("SIGHUP");
    const replaced = cluster.waitFor(/All workers have been replaced\./).then(() => true);
    let isReplaced = false;
    void replaced.then(() => {
      isReplaced = true;
    });
    while (!isReplaced) await ask();
    await eventually(async () => {
      await ask();
      assert.equal(pids.size, 4);
    });
  });

  it("ends with 0 on SIGTERM", async () => {
    assert.equal((await fetch(`${url}/health`)).status, 200);
    assert.equal(await cluster.stop(), 0, cluster.output());
  });
});
