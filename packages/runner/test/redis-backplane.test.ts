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

  for (const lost of [
    "epoch",
    "seq",
    "stream",
    "snapshot",
    "number",
    "snapshot number",
    "seq stream",
    "writer:*",
  ]) {
    it(`completes a cache of which Redis dropped ${lost}`, async (test) => {
      const server = await RedisServer.start(test);
      const lines: string[] = [];
      const caches = await Promise.all(
        [1, 2].map(async () => openCache(await connectTo(test, server.url, "app", lines))),
      );
      // More writes than between two stored contents.
      for (let count = 0; count < 1500; count++) void caches[0]?.set(`key${count}`, count);
      await Promise.all(caches.map((cache) => cache.flush()));
      const key = "miqro:1:{app}:cache:cache:";
      await until(() => server.run("EXISTS", `${key}snapshot`) === "1");
      const names = lost.split(" ").flatMap((name) => server.run("KEYS", key + name).split("\n"));
      assert.equal(server.run("DEL", ...names), String(names.length));
      const late = await openCache(await connectTo(test, server.url, "app"));
      for (const [index, cache] of caches.entries()) await cache.set(`after${index}`, lost);
      await until(() => late.has("after0") && late.has("after1"));
      await until(() => new Set([...caches, late].map(contentOf)).size === 1);
      assert.equal(late.keys().length, 1502);
      assert.deepEqual(lines, []);
    });
  }

  for (const lost of ["epoch", "seq", "channel:room:kept", "channel:room:facts"]) {
    it(`carries events on after Redis dropped ${lost}`, async (test) => {
      const server = await RedisServer.start(test);
      const relay = await connectRelay(await connectTo(test, server.url, "app"));
      const got: unknown[] = [];
      await relay.subscribe("room", {}, (event) => got.push("payload" in event ? event.payload : event));
      for (let count = 0; count < 5; count++) await relay.publish("room", count, { keep: 10 });
      assert.equal(server.run("DEL", `miqro:1:{app}:${lost}`), "1");
      const id = await relay.publish("room", "after", { keep: 10 });
      await relay.publish("room", "last", { keep: 10 });
      await until(() => got.length === 7);
      assert.deepEqual(got, [0, 1, 2, 3, 4, "after", "last"]);
      const later: unknown[] = [];
      await relay.subscribe("room", { after: id }, (event) =>
        later.push("payload" in event ? event.payload : event),
      );
      await until(() => later.length > 0);
      assert.deepEqual(later, ["last"]);
    });
  }

  for (const [name, lose] of [
    ["is empty", async (server: RedisServer) => void server.run("FLUSHALL")],
    ["comes back empty", (server: RedisServer) => server.restart()],
  ] as const) {
    it(`gives a lease to no second process when Redis ${name}`, async (test) => {
      const server = await RedisServer.start(test);
      const one = await connectTo(test, server.url, "app");
      const two = await connectTo(test, server.url, "app");
      const asked = performance.now();
      assert.equal(await one.acquire("work", 1500), true);
      assert.equal(await two.acquire("work", 1500), false);
      await lose(server);
      await until(async () => (await two.acquire("work", 60_000)) || server.run("EXISTS", workLease) === "1");
      assert.equal(await two.acquire("work", 60_000), performance.now() - asked > 1500);
      assert.equal(await one.acquire("work", 60_000), false);
      await until(() => two.acquire("work", 60_000));
      assert.ok(performance.now() - asked > 1500);
    });
  }

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

  it("does not empty the caches of others when it starts while Redis is away", async (test) => {
    const server = await RedisServer.start(test);
    const cache = await openCache(await connectTo(test, server.url, "app"));
    await cache.set("key", "value");
    for (let round = 0; round < 3; round++) {
      await server.kill();
      const lines: string[] = [];
      // These processes are many, so that one of them is usually the first that reaches Redis.
      const opening = Array.from({ length: 5 }, async () =>
        openCache(await connectTo(test, server.url, "app", lines)),
      );
      await until(() => lines.length === 5);
      await server.start();
      for (const late of await Promise.all(opening)) assert.equal(late.get("key"), "value");
      assert.equal(cache.get("key"), "value");
    }
  });

  it("waits for a Redis that is not there yet", async (test) => {
    const server = await RedisServer.start(test);
    await server.kill();
    const lines: string[] = [];
    const opening = openCache(await connectTo(test, server.url, "app", lines));
    await until(() => lines.length === 1);
    assert.match(lines[0] ?? "", /cannot be reached \(.+\); shared caches wait for it\.$/);
    await server.start();
    const cache = await opening;
    assert.equal(await cache.incr("n"), 1);
    assert.match(lines[1] ?? "", /is connected after \d+\.\d s\.$/);
    await server.restart();
    assert.equal(await cache.incr("n"), 2);
    assert.match(lines[2] ?? "", /cannot be reached \(.+\); this process continues without it\.$/);
  });
});

const workLease = "miqro:1:{app}:lease:work";

function contentOf(cache: ClusterCache): string {
  return JSON.stringify(cache.keys().map((key) => [key, cache.get(key)]));
}
