import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { ClusterManager, type ClusterOptions } from "@miqro/runner";
import { scale } from "miqro-tests/scale";
import { fixture, until } from "./support/cluster.js";
import { missingRedis, RedisServer } from "./support/redis.js";
import { findRedis } from "./support/redis-package.js";

interface Report {
  readonly type: string;
  readonly number: number;
  readonly content: string;
  readonly atStart: number;
  /** Told by the one with the model: some entries still expire. */
  readonly expiring: boolean;
  readonly refused: readonly string[];
}

const workers = 8;

/** Starts workers that do random operations at once, and compares what each then holds with a naive model. */
async function agree(test: TestContext, options: Partial<ClusterOptions>): Promise<void> {
  const operations = scale({ sample: 400, full: 10_000 });
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e6));
  test.diagnostic(`SEED=${seed}`);
  const script = fixture("cache-worker.js");
  // One more keeps the model.
  const manager = new ClusterManager({ script, nodes: workers + 1, startTimeout: 60_000, ...options });
  test.after(() => manager.stop({ timeout: 0 }));
  const reports = new Map<number, Report>();
  let done = 0;
  manager.on("message", (payload) => {
    const report = payload as Report;
    if (report.type === "content") reports.set(report.number, report);
    else {
      assert.deepEqual(report.refused, []);
      done++;
    }
  });
  await manager.start();
  manager.broadcast({ type: "work", seed, operations });
  await until(() => done === workers + 1, 300_000);
  await until(async () => {
    reports.clear();
    manager.broadcast({ type: "content" });
    await until(() => reports.size === workers + 1);
    const isSettled = reports.get(0)?.expiring === false;
    return isSettled && new Set(Array.from(reports.values(), ({ content }) => content)).size === 1;
  }, 20_000).catch(() => {
    const [model, ...rest] = [...reports].sort(([left], [right]) => left - right);
    for (const [number, { content }] of rest) assert.equal(content, model?.[1].content, `worker ${number}`);
  });

  // One that is forked now reads the whole content before it does anything.
  const { content } = reports.get(1) as Report;
  const before = (JSON.parse(content) as unknown[]).length;
  // Seldom none: one of the operations clears the cache, and it may be the last.
  await manager.reload();
  reports.clear();
  manager.broadcast({ type: "content" });
  await until(() => reports.size === workers + 1);
  for (const [number, report] of reports) {
    assert.equal(report.content, content, `worker ${number} after the reload`);
    if (number > 0) assert.equal(report.atStart, before);
  }
}

describe("8 workers that do random operations", () => {
  it("end with the content of the model over IPC", (test) => agree(test, {}));

  it("end with the content of the model over Redis", { skip: missingRedis() }, async (test) => {
    const server = await RedisServer.start(test);
    const env = { MIQRO_BACKPLANE: server.url, MIQRO_APP: "model" };
    await agree(test, { env, execArgv: [...process.execArgv, ...findRedis] });
  });
});
