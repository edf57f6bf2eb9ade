import "./support/redis-package.js";
import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { ClusterCache } from "@miqro/runner/cache";
import { type Backplane, connectBackplane, connectRelay, type RelayEvent } from "@miqro/runner/relay";
import { testBackplane } from "./contracts/backplane-contract.js";
import { testCache } from "./contracts/cache-contract.js";
import { until } from "./support/cluster.js";
import { missingRedis, RedisServer } from "./support/redis.js";

let apps = 0;

async function connectTo(
  test: TestContext,
  url: string,
  app: string,
  lines: string[] = [],
): Promise<Backplane> {
  const backplane = await connectBackplane({ url, app, log: (line) => lines.push(line) });
  test.after(() => backplane.close());
  return backplane;
}

async function openCache(backplane: Backplane, name = "cache"): Promise<ClusterCache> {
  const cache = new ClusterCache(name, { backplane });
  await cache.ready();
  return cache;
}

describe("the backplane on Redis", { skip: missingRedis() }, () => {
  testBackplane(async (test) => {
    const server = await RedisServer.start(test);
    const app = `app${++apps}`;
    return () => connectTo(test, server.url, app);
  });

  describe("its caches", () => {
    testCache(async (test, options) => {
      const server = await RedisServer.start(test);
      const cache = new ClusterCache("cache", {
        ...options,
        backplane: await connectTo(test, server.url, "app"),
      });
      await cache.ready();
      return cache;
    });
  });

  it("keeps the data of apps apart", async (test) => {
    const server = await RedisServer.start(test);
    const one = await openCache(await connectTo(test, server.url, "one"));
    await one.set("key", 1);
    const two = await openCache(await connectTo(test, server.url, "two"));
    assert.equal(two.has("key"), false);
    const keys = server.run("KEYS", "*").split("\n");
    assert.deepEqual(
      keys.filter((key) => !/^miqro:1:\{(one|two)\}:/.test(key)),
      [],
    );
  });

  it("keeps the log of a cache short, and gives late ones the whole content all the same", async (test) => {
    const server = await RedisServer.start(test);
    const cache = await openCache(await connectTo(test, server.url, "app"));
    const text = "x".repeat(16_000);
    for (let count = 0; count < 3500; count++) void cache.set(`key${count % 700}`, { count, text });
    await cache.flush();
    // As many as 16 million characters hold, and those since the content was stored last.
    await until(() => Number(server.run("XLEN", "miqro:1:{app}:cache:cache:stream")) <= 2100);
    const late = await openCache(await connectTo(test, server.url, "app"));
    assert.deepEqual(late.keys(), cache.keys());
    assert.deepEqual(late.get("key699"), { count: 3499, text });
  });

  it("fills a Redis that lost its data, and all agree on one content", async (test) => {
    const server = await RedisServer.start(test);
    const caches = await Promise.all(
      [1, 2, 3].map(async () => openCache(await connectTo(test, server.url, "app"))),
    );
    for (let count = 0; count < 300; count++) void caches[count % 3]?.set(`key${count}`, { count });
    await Promise.all(caches.map((cache) => cache.flush()));
    for (const loss of [() => server.run("FLUSHALL"), () => server.restart()]) {
      const epoch = server.run("GET", "miqro:1:{app}:cache:cache:epoch");
      await loss();
      await until(() => {
        const now = server.run("GET", "miqro:1:{app}:cache:cache:epoch");
        return now !== "" && now !== epoch;
      });
      for (const [index, cache] of caches.entries()) await cache.set(`after${index}`, epoch);
      await until(() => new Set(caches.map(contentOf)).size === 1);
      const late = await openCache(await connectTo(test, server.url, "app"));
      assert.equal(contentOf(late), contentOf(caches[0] as ClusterCache));
      assert.equal(late.keys().length, 303);
    }
  });

  it("tells subscribers of a process that died, and of events that are gone", async (test) => {
    const server = await RedisServer.start(test);
    const backplane = await connectTo(test, server.url, "app");
    const relay = await connectRelay(backplane);
    const got: RelayEvent[] = [];
    await relay.subscribe("room", {}, (event) => got.push(event));
    server.run("ZADD", "miqro:1:{app}:processes", "1", "dead");
    await until(() => got.length === 1);
    assert.deepEqual(got, [{ gap: true, lost: "dead" }]);
  });

  it("ignores what other programs publish, with one warning", async (test) => {
    const server = await RedisServer.start(test);
    const lines: string[] = [];
    const backplane = await connectTo(test, server.url, "app", lines);
    const relay = await connectRelay(backplane);
    const got: unknown[] = [];
    await relay.subscribe("room", {}, (event) => got.push("payload" in event ? event.payload : event));
    const cache = await openCache(backplane);
    for (const message of ["", "x", "a-1 {", 'a-1 "text"', 'a-1 ["from",-1,2]', "[]", "null"]) {
      server.run("PUBLISH", "miqro:1:{app}:channel:room", message);
      server.run("PUBLISH", "miqro:1:{app}:cache:cache:writes", message);
    }
    await relay.publish("room", "real");
    await cache.set("key", 1);
    await until(() => got.length === 1);
    assert.deepEqual(got, ["real"]);
    assert.equal(cache.get("key"), 1);
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? "", /another program or another version of/);
  });

  it("waits for a Redis that is not there yet", async (test) => {
    const server = await RedisServer.start(test);
    await server.kill();
    const lines: string[] = [];
    const opening = openCache(await connectTo(test, server.url, "app", lines));
    await until(() => lines.length === 1);
    await server.start();
    const cache = await opening;
    assert.equal(await cache.incr("n"), 1);
  });
});

function contentOf(cache: ClusterCache): string {
  return JSON.stringify(cache.keys().map((key) => [key, cache.get(key)]));
}
