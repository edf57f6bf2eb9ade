import assert from "node:assert/strict";
import { it, type TestContext } from "node:test";
import { CacheKindError, CacheValueError, InvalidOptionError } from "@miqro/runner";
import type { Cache, CacheOptions } from "@miqro/runner/cache";
import { until } from "../support/cluster.js";

/** What every cache does, wherever it lives. */
export function testCache(open: (test: TestContext, options?: CacheOptions) => Promise<Cache>): void {
  it("gives what was set, frozen, in the same turn", async (test) => {
    const cache = await open(test);
    const value = { a: [1, { b: null }], é: "ü", __proto__: null };
    void cache.set("key", value);
    assert.deepEqual(cache.get("key"), { a: [1, { b: null }], é: "ü" });
    value.a.push(2);
    assert.deepEqual(cache.get("key"), { a: [1, { b: null }], é: "ü" });
    assert.throws(() => (cache.get("key") as { a: unknown[] }).a.push(3), TypeError);
    assert.equal(cache.has("key"), true);
    assert.equal(cache.get("other"), undefined);
    assert.equal(await cache.unset("key"), true);
    assert.equal(await cache.unset("key"), false);
    assert.equal(cache.has("key"), false);
  });

  it("keeps sets, arrays and numbers", async (test) => {
    const cache = await open(test);
    assert.equal(await cache.set_add("set", { id: 1 }), true);
    assert.equal(await cache.set_add("set", { id: 1 }), false);
    assert.equal(cache.set_has("set", { id: 1 }), true);
    assert.equal(cache.set_has("set", 1), false);
    assert.deepEqual(cache.get("set"), [{ id: 1 }]);
    assert.equal(await cache.set_delete("set", { id: 1 }), true);
    assert.equal(cache.has("set"), false);
    assert.equal(await cache.set_clear("set"), false);

    assert.equal(await cache.array_push("array", "a"), 1);
    const pushed = cache.array_push("array", "b");
    assert.deepEqual(cache.array_get("array"), ["a", "b"]);
    assert.equal(await pushed, 2);
    assert.deepEqual(cache.array_get("none"), []);
    assert.equal(await cache.array_clear("array"), true);

    assert.equal(await cache.incr("n"), 1);
    assert.equal(await cache.incr("n", 1.5), 2.5);
    assert.equal(cache.get("n"), 2.5);
    await cache.set_add("s", 1);
    assert.deepEqual(cache.keys().sort(), ["n", "s"]);
    await cache.clear();
    assert.deepEqual(cache.keys(), []);
  });

  it("throws at once where a key holds something else", async (test) => {
    const cache = await open(test);
    await cache.set("value", "text");
    await cache.array_push("array", 1);
    for (const operation of [
      () => cache.set_add("value", 1),
      () => cache.set_delete("array", 1),
      () => cache.set_clear("array"),
      () => cache.array_push("value", 1),
      () => cache.array_clear("value"),
      () => cache.incr("value"),
      () => cache.incr("array"),
    ]) {
      assert.throws(operation, CacheKindError);
    }
    assert.equal(cache.get("value"), "text");
    assert.equal(cache.set_has("array", 1), false);
    assert.deepEqual(cache.array_get("value"), []);
  });

  it("throws at once for what it cannot hold", async (test) => {
    const cache = await open(test, { maxValueLength: 1000 });
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    for (const [value, message] of [
      [undefined, /value is a value of type undefined/],
      [() => {}, /type function/],
      [Symbol("s"), /type symbol/],
      [1n, /type bigint/],
      [Number.NaN, /value is NaN/],
      [{ a: [{ b: Number.POSITIVE_INFINITY }] }, /value\.a\[0\]\.b is Infinity/],
      [new Date(), /a Date/],
      [new Map(), /a Map/],
      [{ at: new Uint8Array(2) }, /value\.at is a Uint8Array/],
      [circle, /a circle/],
      ["x".repeat(1001), /longer than 1000 characters/],
      [Array.from({ length: 500 }, () => 0), /longer than 1000/],
    ] as const) {
      assert.throws(
        () => cache.set("key", value),
        (error) => error instanceof CacheValueError && message.test(error.message),
      );
      assert.throws(() => cache.set_add("key", value), CacheValueError);
      assert.throws(() => cache.array_push("key", value), CacheValueError);
    }
    assert.throws(() => cache.set(1 as never, 1), CacheValueError);
    assert.throws(() => cache.set("k".repeat(1025), 1), CacheValueError);
    for (const ttl of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, "1"]) {
      assert.throws(() => cache.set("key", 1, { ttl: ttl as number }), InvalidOptionError);
    }
    assert.throws(() => cache.incr("key", Number.NaN), InvalidOptionError);
    assert.deepEqual(cache.keys(), []);
  });

  it("lets entries expire, and begins anew then", async (test) => {
    const cache = await open(test);
    const writing = cache.set("short", 1, { ttl: 60 });
    // A wait before this line could take longer than the entry lives.
    assert.equal(cache.get("short"), 1);
    await writing;
    await cache.set("long", 1, { ttl: 60_000 });
    await cache.set("again", 1, { ttl: 60 });
    await cache.set("again", 2);
    await until(() => cache.get("short") === undefined);
    assert.deepEqual(cache.keys().sort(), ["again", "long"]);
    assert.equal(await cache.incr("short"), 1);
    await cache.set("counter", 5, { ttl: 60 });
    assert.equal(await cache.incr("counter"), 6);
    await until(() => !cache.has("counter"));
  });

  it("holds no more than it may, and drops what was written longest ago", async (test) => {
    const cache = await open(test, { max: 3 });
    for (const key of ["a", "b", "c"]) await cache.set(key, key);
    await cache.set("a", "again");
    await cache.set("d", "d");
    assert.deepEqual(cache.keys().sort(), ["a", "c", "d"]);
    for (let count = 0; count < 100; count++) void cache.set(`key${count}`, count);
    await cache.set("last", 1);
    assert.equal(cache.keys().length, 3);
  });

  it("tells of changes", async (test) => {
    const cache = await open(test, { max: 2 });
    const told: string[] = [];
    cache.on("change", ({ type, key }) => told.push(`${type} ${key}`));
    await cache.set("a", 1);
    await cache.array_push("b", 1);
    await cache.set("c", 1);
    await cache.unset("b");
    await cache.unset("b");
    await cache.clear();
    assert.deepEqual(told, ["set a", "set b", "set c", "evict a", "unset b", "clear undefined"]);
  });

  it("lets promises be ignored", async (test) => {
    const cache = await open(test);
    void cache.set("key", 1);
    void cache.incr("key");
    assert.equal(await cache.incr("key"), 3);
  });
}
