import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InvalidOptionError } from "@miqro/runner";
import { ClusterCache, LocalCache } from "@miqro/runner/cache";
import { connectBackplane } from "@miqro/runner/relay";
import { testBackplane } from "./contracts/backplane-contract.js";
import { testCache } from "./contracts/cache-contract.js";
import { createRandom } from "./support/random.js";

let names = 0;

describe("LocalCache", () => {
  testCache(async (_test, options) => new LocalCache(options));

  it("drops what was read longest ago", async () => {
    const cache = new LocalCache({ max: 2 });
    await cache.set("a", 1);
    await cache.set("b", 1);
    cache.get("a");
    await cache.set("c", 1);
    assert.deepEqual(cache.keys().sort(), ["a", "c"]);
  });

  it("drops the same as a list that is kept in order, whatever is read and written", async () => {
    const cache = new LocalCache({ max: 10 });
    const random = createRandom(1);
    let inOrder: string[] = [];
    for (let count = 0; count < 5000; count++) {
      const key = `key${random(30)}`;
      const isThere = inOrder.includes(key);
      const isRead = random(2) === 0;
      if (isRead) assert.equal(cache.get(key) !== undefined, isThere);
      else void cache.set(key, count);
      if (isThere || !isRead) inOrder = [...inOrder.filter((one) => one !== key), key].slice(-10);
      assert.deepEqual(cache.keys().sort(), [...inOrder].sort());
    }
  });

  it("refuses options that cannot work", () => {
    for (const max of [0, -1, 1.5, Number.NaN, "1"]) {
      assert.throws(() => new LocalCache({ max: max as number }), InvalidOptionError);
    }
    assert.throws(() => new ClusterCache(""), InvalidOptionError);
  });
});

describe("ClusterCache in one process", () => {
  testCache(async (test, options) => {
    const cache = new ClusterCache(`local-${++names}`, options);
    await cache.ready();
    test.after(() => cache.close());
    return cache;
  });

  it("rejects writes beyond those that may wait", async (test) => {
    const cache = new ClusterCache(`local-${++names}`);
    await cache.ready();
    test.after(() => cache.close());
    const writes = Array.from({ length: 10_001 }, (_, count) => cache.incr("n", count));
    await assert.rejects(writes.at(-1) ?? Promise.resolve(), /10000 writes .* already wait/);
    await cache.flush();
    assert.equal(cache.get("n"), (9999 * 10_000) / 2);
  });
});

describe("the backplane of one process", () => {
  testBackplane(async (test) => async () => {
    const backplane = await connectBackplane({ url: "ipc" });
    test.after(() => backplane.close());
    return backplane;
  });

  for (const [options, message] of [
    [{ url: "http://x" }, /must be "ipc" or an address/],
    [{ url: "redis://localhost" }, /needs the name of the app/],
    [{ url: "redis://localhost", app: "a b" }, /name of the app/],
    // It is among the parts of other tests, and not of this one.
    [
      { url: "redis://localhost", app: "app" },
      /needs the package redis, which is not installed; run npm install redis/,
    ],
  ] as const) {
    it(`refuses ${JSON.stringify(options)}`, async () => {
      await assert.rejects(connectBackplane(options), message);
    });
  }
});
