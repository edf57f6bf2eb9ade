import "./support/redis-package.js";
import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { ClusterCache } from "@miqro/runner/cache";
import { type Backplane, connectBackplane, connectRelay, type RelayEvent } from "@miqro/runner/relay";
import { scale } from "miqro-tests/scale";
import { until } from "./support/cluster.js";
import { Cable, missingRedis, RedisServer } from "./support/redis.js";

describe("a process on Redis", { skip: missingRedis() }, () => {
  for (const [name, away, back] of [
    [
      "killed and started again",
      (server: RedisServer) => server.kill(),
      (server: RedisServer) => server.start(),
    ],
    [
      "cut off without a word",
      async (_server: RedisServer, cable: Cable) => cable.cut(),
      async (_server: RedisServer, cable: Cable) => cable.mend(),
    ],
  ] as const) {
    it(`serves on while Redis is ${name}, and agrees again afterwards`, async (test) => {
      const server = await RedisServer.start(test);
      const cable = await Cable.to(test, server.port);
      const url = `redis://127.0.0.1:${cable.port}`;
      const lines: string[] = [];
      const backplanes = await Promise.all([1, 2, 3].map(() => connectTo(test, url, "app", lines)));
      const caches = await Promise.all(backplanes.map((backplane) => openCache(backplane)));
      const relays = await Promise.all(backplanes.map((backplane) => connectRelay(backplane)));
      const got: RelayEvent[][] = relays.map(() => []);
      for (const [index, relay] of relays.entries()) {
        await relay.subscribe("room", {}, (event) => got[index]?.push(event));
      }
      const writes: Promise<unknown>[] = [];
      let count = 0;
      let writing = true;
      test.after(() => {
        writing = false;
      });
      const load = (async () => {
        while (writing) {
          const cache = caches[count % 3];
          assert.ok(cache);
          writes.push(
            cache.incr("n"),
            cache.set(`key${count % 50}`, count),
            cache.set_add("set", count % 20),
          );
          count++;
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      })();
      await until(() => count > 20);
      await away(server, cable);
      await until(() => lines.length === 3, 20_000);
      assert.match(
        lines[0] ?? "",
        /Redis at 127\.0\.0\.1:\d+ cannot be reached \(.+\); this process continues without it/,
      );

      // What is published reaches this machine, reads give what was known, and writes wait.
      const before = got.map((events) => events.length);
      await relays[0]?.publish("room", "local");
      await until(() => got.every((events, index) => events.length > (before[index] ?? 0)));
      for (const events of got) assert.deepEqual(payloads(events).at(-1), "local");
      assert.equal((await relays[0]?.increment(name, 60_000))?.count, 1);
      assert.equal((await relays[1]?.increment(name, 60_000))?.count, 2);
      assert.ok(caches.every((cache) => cache.has("key1")));
      await until(() => count > 120);
      // As long as it takes until every time limit on the way has passed.
      await new Promise((resolve) => setTimeout(resolve, scale({ sample: 0, full: 30_000 })));

      await back(server, cable);
      await until(() => lines.length === 6, 20_000);
      assert.match(
        lines.at(-1) ?? "",
        /is connected again after \d+\.\d s; this process has the missed changes/,
      );
      writing = false;
      await load;
      const results = await Promise.allSettled(writes);
      assert.deepEqual(
        results.filter(({ status }) => status === "rejected"),
        [],
      );
      await until(() => new Set(caches.map(contentOf)).size === 1);
      assert.equal(caches[0]?.get("n"), count);
      await relays[1]?.publish("room", "after");
      await until(() => got.every((events) => payloads(events).at(-1) === "after"));
      for (const events of got) {
        assert.equal(payloads(events).filter((payload) => payload === "local").length, 1);
      }
    });
  }
});

async function connectTo(test: TestContext, url: string, app: string, lines: string[]): Promise<Backplane> {
  const backplane = await connectBackplane({ url, app, log: (line) => lines.push(line) });
  test.after(() => backplane.close());
  return backplane;
}

async function openCache(backplane: Backplane): Promise<ClusterCache> {
  const cache = new ClusterCache("cache", { backplane });
  await cache.ready();
  return cache;
}

function payloads(events: readonly RelayEvent[]): unknown[] {
  return events.flatMap((event) => ("payload" in event ? [event.payload] : []));
}

function contentOf(cache: ClusterCache): string {
  return JSON.stringify(cache.keys().map((key) => [key, cache.get(key)]));
}
