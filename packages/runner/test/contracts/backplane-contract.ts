import assert from "node:assert/strict";
import { it, type TestContext } from "node:test";
import { CacheKindError, CacheStateError } from "@miqro/runner";
import { ClusterCache } from "@miqro/runner/cache";
import { type Backplane, connectRelay, type RelayEvent } from "@miqro/runner/relay";
import { until } from "../support/cluster.js";

/** Connects one more process to the others of the test. */
export type Connect = () => Promise<Backplane>;

let names = 0;

/** What every backplane does. `connect` stands for one process each time it is called. */
export function testBackplane(start: (test: TestContext) => Promise<Connect>): void {
  async function openCaches(test: TestContext, count: number, options = {}): Promise<ClusterCache[]> {
    const connect = await start(test);
    const name = `cache-${++names}`;
    const caches = [];
    for (let index = 0; index < count; index++) {
      const cache = new ClusterCache(name, { ...options, backplane: await connect() });
      await cache.ready();
      caches.push(cache);
    }
    return caches;
  }

  it("shares a cache among processes", async (test) => {
    const [one, two] = (await openCaches(test, 2)) as [ClusterCache, ClusterCache];
    await one.set("key", { a: 1 });
    await until(() => two.has("key"));
    assert.deepEqual(two.get("key"), { a: 1 });
    assert.throws(() => {
      (two.get("key") as { a: number }).a = 2;
    }, TypeError);
    const sums = await Promise.all(
      Array.from({ length: 50 }, (_, index) => [one, two][index % 2]?.incr("n")),
    );
    assert.deepEqual(
      sums.sort((left = 0, right = 0) => left - right),
      Array.from({ length: 50 }, (_, index) => index + 1),
    );
    await Promise.all([one.flush(), two.flush()]);
    await until(() => one.get("n") === 50 && two.get("n") === 50);
  });

  it("shows own writes at once, on top of those of others", async (test) => {
    const [one, two] = (await openCaches(test, 2)) as [ClusterCache, ClusterCache];
    await one.array_push("list", "theirs");
    void two.array_push("list", "own");
    void two.set("gone", 1);
    void two.clear();
    void two.set("new", 1);
    assert.deepEqual(two.keys(), ["new"]);
    await two.flush();
    await until(() => !one.has("list") && one.get("new") === 1);
    assert.deepEqual(one.keys(), two.keys());
  });

  it("opens a cache once in a process", async (test) => {
    const connect = await start(test);
    const backplane = await connect();
    const name = `cache-${++names}`;
    await new ClusterCache(name, { backplane }).ready();
    await assert.rejects(new ClusterCache(name, { backplane }).ready(), /already open in this process/);
  });

  it("rejects an operation that lost a race, everywhere alike", async (test) => {
    const [one, two] = (await openCaches(test, 2)) as [ClusterCache, ClusterCache];
    const outcomes = await Promise.allSettled([one.set_add("key", 1), two.array_push("key", 1)]);
    const lost = outcomes.filter(({ status }) => status === "rejected") as PromiseRejectedResult[];
    assert.equal(lost.length, 1);
    assert.ok(lost[0]?.reason instanceof CacheKindError);
    await until(() => JSON.stringify(one.get("key")) === JSON.stringify(two.get("key")));
    assert.deepEqual(one.get("key"), [1]);
  });

  it("gives one that comes later the whole content before it reads", async (test) => {
    const connect = await start(test);
    const name = `cache-${++names}`;
    const first = new ClusterCache(name, { backplane: await connect() });
    assert.throws(() => first.get("a"), CacheStateError);
    assert.throws(() => first.set("a", 1), CacheStateError);
    await first.ready();
    for (let count = 0; count < 200; count++) void first.set(`key${count}`, count);
    void first.set_add("set", "member");
    void first.array_push("array", [1, 2]);
    void first.set("short", 1, { ttl: 60_000 });
    await first.flush();
    const late = new ClusterCache(name, { backplane: await connect() });
    await late.ready();
    assert.deepEqual(late.keys(), first.keys());
    assert.equal(late.set_has("set", "member"), true);
    assert.deepEqual(late.array_get("array"), [[1, 2]]);
    await late.close();
    assert.throws(() => late.get("a"), /is closed/);
    await assert.rejects(late.flush(), /is closed/);
  });

  it("lets entries expire and be dropped in all processes alike", async (test) => {
    const [one, two] = (await openCaches(test, 2, { max: 5 })) as [ClusterCache, ClusterCache];
    const told: string[] = [];
    two.on("change", ({ type, key }) => {
      if (type !== "set") told.push(`${type} ${key}`);
    });
    await one.set("short", 1, { ttl: 80 });
    for (let count = 0; count < 6; count++) void one.set(`key${count}`, count);
    await one.flush();
    await until(() => told.length === 2);
    assert.deepEqual(told, ["evict short", "evict key0"]);
    await one.set("brief", 1, { ttl: 50 });
    await until(() => told.includes("expire brief"));
    assert.deepEqual(two.keys(), one.keys());
  });

  it("brings an event to every subscriber once, in the order of its sender", async (test) => {
    const connect = await start(test);
    const relays = await Promise.all(
      [connect(), connect(), connect()].map(async (one) => connectRelay(await one)),
    );
    const got: unknown[][] = relays.map(() => []);
    const ends = await Promise.all(
      relays.map((relay, index) =>
        relay.subscribe("room", {}, (event) => got[index]?.push(payloadOf(event))),
      ),
    );
    const ids = await Promise.all(
      Array.from({ length: 100 }, (_, count) => relays[0]?.publish("room", count)),
    );
    assert.equal(new Set(ids).size, 100);
    await until(() => got.every((events) => events.length >= 100));
    const expected = Array.from({ length: 100 }, (_, count) => count);
    assert.deepEqual(got, [expected, expected, expected]);
    ends[1]?.();
    await relays[2]?.publish("room", "last");
    await until(() => got[0]?.length === 101 && got[2]?.length === 101);
    assert.equal(got[1]?.length, 100);
  });

  it("gives exactly what was kept since an event, while others are published", async (test) => {
    const connect = await start(test);
    const [one, two] = [await connectRelay(await connect()), await connectRelay(await connect())];
    const channel = `news-${++names}`;
    const ids: string[] = [];
    const publish = async (count: number) => {
      ids.push(await one.publish(channel, count, { keep: { count: 50, ms: 60_000 } }));
    };
    for (let count = 0; count < 20; count++) await publish(count);
    const got: unknown[] = [];
    const more = (async () => {
      for (let count = 20; count < 60; count++) await publish(count);
    })();
    await two.subscribe(channel, { after: ids[9] ?? "" }, (event) => got.push(payloadOf(event)));
    await more;
    await until(() => got.length >= 50);
    assert.deepEqual(
      got,
      Array.from({ length: 50 }, (_, index) => index + 10),
    );
    const late: RelayEvent[] = [];
    await two.subscribe(channel, { after: ids[0] ?? "" }, (event) => late.push(event));
    assert.deepEqual(late, [{ gap: true }]);
    for (const after of ["", "nonsense", "0-0", `${ids[0]}9999`, "-"]) {
      const odd: RelayEvent[] = [];
      await two.subscribe(channel, { after }, (event) => odd.push(event));
      assert.deepEqual(odd, [{ gap: true }], `after ${after}`);
    }
    const none: RelayEvent[] = [];
    await two.subscribe(channel, { after: ids.at(-1) ?? "" }, (event) => none.push(event));
    assert.deepEqual(none, []);
  });

  it("counts in windows of time", async (test) => {
    const connect = await start(test);
    const [one, two] = [await connectRelay(await connect()), await connectRelay(await connect())];
    const key = `login-${++names}`;
    const counts = await Promise.all([one, two, one, two].map((relay) => relay.increment(key, 300)));
    assert.deepEqual(counts.map(({ count }) => count).sort(), [1, 2, 3, 4]);
    const { resetAt } = counts[0] ?? { resetAt: 0 };
    for (const count of counts) assert.ok(Math.abs(count.resetAt - resetAt) < 50);
    await until(async () => (await one.increment(key, 300)).count === 1);
  });

  it("counts no longer when the clock is set back", async (test) => {
    const connect = await start(test);
    const relay = await connectRelay(await connect());
    const key = `login-${++names}`;
    await relay.increment(key, 200);
    test.mock.timers.enable({ apis: ["Date"], now: Date.now() - 3_600_000 });
    await until(async () => (await relay.increment(key, 200)).count === 1);
  });

  it("gives a lease to one process at a time", async (test) => {
    const connect = await start(test);
    const [one, two] = [await connect(), await connect()];
    const name = `lease-${++names}`;
    assert.equal(await one.acquire(name, 5000), true);
    assert.equal(await two.acquire(name, 5000), false);
    assert.equal(await one.acquire(name, 100), true);
    await until(() => two.acquire(name, 5000));
    assert.equal(await one.acquire(name, 5000), false);
    await one.release(name);
    assert.equal(await one.acquire(name, 5000), false);
    await two.release(name);
    assert.equal(await one.acquire(name, 5000), true);
  });
}

function payloadOf(event: RelayEvent): unknown {
  return "payload" in event ? event.payload : "gap";
}
