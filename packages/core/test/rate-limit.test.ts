import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type App,
  ArgumentError,
  LocalRelay,
  RateLimit,
  type RateLimitOptions,
  type Relay,
  SessionHandler,
} from "@miqro/core";
import { toNetwork } from "../dist/exchange/network.js";
import { RelayCounter } from "../dist/middleware/relay-counter.js";
import { SlidingWindow } from "../dist/middleware/sliding-window.js";
import { createDeferred, type Deferred } from "./support/deferred.js";
import { serve } from "./support/serve.js";

// So long that no test meets its end, which would change what counts.
const window = 24 * 3_600_000;

const set =
  (options: RateLimitOptions, ...more: RateLimitOptions[]) =>
  (app: App) => {
    const verify = ({ token }: { token: string }) => ({ account: "a", username: token, groups: [] });
    app.use(SessionHandler({ verify, required: false } as never));
    for (const one of [options, ...more]) app.use(RateLimit(one));
    app.get("/", () => "ok");
  };

describe("RateLimit", () => {
  it("lets so many through, tells of what is left, and answers 429 to the rest", async () => {
    await using server = await serve(set({ limit: 3, window }));
    const answers = [];
    for (let count = 0; count < 5; count++) answers.push(await server.fetch("/"));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200, 429, 429],
    );
    for (const [index, { headers }] of answers.entries()) {
      assert.equal(headers.get("ratelimit-policy"), `"default";q=3;w=86400`);
      const limit = /^"default";r=(\d+);t=(\d+)$/.exec(headers.get("ratelimit") ?? "");
      assert.equal(Number(limit?.[1]), Math.max(0, 2 - index));
      assert.ok(Number(limit?.[2]) >= 1 && Number(limit?.[2]) <= 2 * 86_400);
      assert.equal(headers.get("retry-after"), index < 3 ? null : limit?.[2]);
    }
    const problem = (await answers[4]?.json()) as { code: string };
    assert.equal(problem.code, "TOO_MANY_REQUESTS");
  });

  it("counts by session, by address where there is none, or by what a function names", async () => {
    await using bySession = await serve(set({ limit: 1, window }));
    const statusOf = async (server: typeof bySession, headers: Record<string, string>) =>
      (await server.fetch("/", { headers })).status;
    const first = { authorization: "Bearer one" };
    const second = { authorization: "Bearer two" };
    const asked = [first, second, {}, first, second, {}];
    const statuses = [];
    for (const headers of asked) statuses.push(await statusOf(bySession, headers));
    assert.deepEqual(statuses, [200, 200, 200, 429, 429, 429]);

    await using byAddress = await serve(set({ limit: 1, window, by: "address" }), { trustProxy: true });
    const from = (address: string) => statusOf(byAddress, { ...first, "x-forwarded-for": address });
    const addresses: [address: string, status: number][] = [
      ["10.0.0.1", 200],
      ["10.0.0.2", 200],
      ["10.0.0.1", 429],
      ["2001:db8:0:1::1", 200],
      ["2001:db8:0:1:ffff::2", 429],
      ["2001:db8:0:2::1", 200],
      ["::ffff:10.0.0.1", 429],
      ["::ffff:a00:2", 429],
    ];
    for (const [address, status] of addresses) assert.equal(await from(address), status, address);

    const by = (req: { headers: Record<string, unknown> }) => req.headers["x-key"] as string | undefined;
    await using named = await serve(set({ limit: 1, window, by }));
    const long = "k".repeat(5000);
    for (const [key, status] of [
      ["a", 200],
      ["b", 200],
      ["a", 429],
      [long, 200],
      [`${long}2`, 200],
      [long, 429],
    ] as const) {
      assert.equal(await statusOf(named, { "x-key": key }), status, key.slice(0, 5));
    }
    assert.deepEqual([await statusOf(named, {}), await statusOf(named, {})], [200, 200]);
    await using later = await serve(set({ limit: 1, window, by: async (req) => by(req as never) }));
    assert.deepEqual(
      [await statusOf(later, { "x-key": "a" }), await statusOf(later, { "x-key": "a" })],
      [200, 429],
    );
    await using wrong = await serve(set({ limit: 1, window, by: () => 7 as never }));
    assert.equal(await statusOf(wrong, {}), 500);
  });

  it("names several limits in one list, or none", async () => {
    await using server = await serve(
      set({ limit: 10, window: 60_000, name: "minute" }, { limit: 1, window, name: "day" }),
    );
    const { headers } = await server.fetch("/");
    assert.equal(headers.get("ratelimit-policy"), `"minute";q=10;w=60, "day";q=1;w=86400`);
    assert.match(headers.get("ratelimit") ?? "", /^"minute";r=9;t=\d+, "day";r=0;t=\d+$/);
    assert.equal((await server.fetch("/")).status, 429);
    await using silent = await serve(set({ limit: 1, window, headers: false }));
    assert.equal((await silent.fetch("/")).headers.get("ratelimit"), null);
    const refused = await silent.fetch("/");
    assert.deepEqual([refused.status, refused.headers.get("ratelimit")], [429, null]);
    assert.ok(Number(refused.headers.get("retry-after")) > 0);
  });

  it("counts for all processes together through a relay", async () => {
    await using relay = new LocalRelay();
    await using one = await serve(set({ limit: 4, window, relay }));
    await using two = await serve(set({ limit: 4, window, relay }));
    const statuses = [];
    for (let count = 0; count < 4; count++) {
      statuses.push((await one.fetch("/")).status, (await two.fetch("/")).status);
    }
    assert.deepEqual(statuses, [200, 200, 200, 200, 429, 429, 429, 429]);
    await using other = await serve(set({ limit: 4, window, relay, name: "other" }));
    assert.equal((await other.fetch("/")).status, 200);
  });

  const relayThat = (increment: () => unknown): Relay => ({
    publish: async () => "",
    subscribe: async () => () => {},
    increment: increment as Relay["increment"],
  });

  it("counts for itself while the relay is away or tells no count, and says so", async () => {
    const away: [title: string, increment: () => unknown][] = [
      ["rejects", () => Promise.reject(new Error("away"))],
      [
        "throws",
        () => {
          throw new Error("away");
        },
      ],
      ["returns no promise", () => undefined],
      ["resolves to nothing", async () => undefined],
      ["resolves to a number", async () => 5],
      ["counts in text", async () => ({ count: "1" })],
      ["counts NaN", async () => ({ count: Number.NaN })],
      ["counts 0", async () => ({ count: 0 })],
    ];
    for (const [title, increment] of away) {
      await using server = await serve(set({ limit: 1, window, relay: relayThat(increment) }));
      const statuses = [(await server.fetch("/")).status, (await server.fetch("/")).status];
      assert.deepEqual(statuses, [200, 429], title);
      const warned = server.lines.some(
        ({ level, out }) => level === "warn" && /relay did not count/.test(out),
      );
      assert.ok(warned, title);
    }
  });

  it("does not wait for a relay that never answers", async () => {
    const relay = relayThat(() => new Promise(() => {}));
    await using server = await serve(set({ limit: 1, window, relay }));
    assert.deepEqual([(await server.fetch("/")).status, (await server.fetch("/")).status], [200, 429]);
    assert.ok(server.lines.some(({ out }) => /did not answer within 1000 ms/.test(out)));
  });

  it("asks a relay that does not answer once a second, until it does", async (test) => {
    let now = 0;
    test.mock.method(performance, "now", () => now);
    test.mock.timers.enable({ apis: ["setTimeout"] });
    const calls: Deferred<unknown>[] = [];
    const relay = relayThat(() => {
      const call = createDeferred<unknown>();
      calls.push(call);
      return call.promise;
    });
    const counter = new RelayCounter();
    const ask = () => counter.increment(relay, "key", 1000);
    const pass = (time: number) => {
      now += time;
      test.mock.timers.tick(time);
    };
    const first = [ask(), ask()];
    pass(999);
    const last = ask();
    pass(1);
    for (const one of first) await assert.rejects(async () => one, /did not answer/);
    assert.equal(ask(), undefined);
    pass(999);
    await assert.rejects(async () => last, /did not answer/);
    assert.equal(ask(), undefined);
    pass(1);
    const late = ask();
    assert.deepEqual([ask(), ask(), calls.length], [undefined, undefined, 4]);
    pass(999);
    assert.equal(ask(), undefined);
    // A late answer ends the wait.
    calls[0]?.resolve({ count: 1, resetAt: 0 });
    await calls[0]?.promise;
    const again = ask();
    calls.at(-1)?.resolve({ count: 7, resetAt: 0 });
    assert.equal(await again, 7);
    calls[3]?.resolve({ count: 6, resetAt: 0 });
    assert.equal(await late, 6);
    assert.equal(calls.length, 5);
  });

  it("tells all faults of its options at once", () => {
    const wrong = {
      limit: 0,
      window: 1.5,
      by: "ip",
      name: 'a"b',
      maxKeys: -1,
      relay: {},
      headers: 1,
      max: 1,
    };
    assert.throws(
      () => RateLimit(wrong as never),
      (error: ArgumentError) =>
        error instanceof ArgumentError &&
        error.issues.map(({ path }) => path).join() === Object.keys(wrong).join(),
    );
    assert.throws(() => RateLimit({} as never), /needs a `limit`/);
    assert.throws(() => RateLimit(undefined as never), ArgumentError);
  });
});

describe("SlidingWindow", () => {
  const start = 1000 * 1000;

  it("lets no more than the limit through in any window, whatever the rate", () => {
    for (const step of [1, 7, 50, 99, 101, 333]) {
      const counts = new SlidingWindow(10, 1000, 100);
      const times: number[] = [];
      for (let now = start; now < start + 20_000; now += step) {
        if (counts.take("key", now).isAllowed) times.push(now);
      }
      for (const [index, time] of times.entries()) {
        // The window before counts as if it were even, so a window that lies across two may see a little more.
        const within = times.slice(index).filter((other) => other < time + 1000).length;
        assert.ok(within <= 15, `${within} at a step of ${step}`);
      }
      assert.ok(times.length >= Math.min(20_000 / step, 180) - 1, `${times.length} at a step of ${step}`);
    }
  });

  it("says how long to wait: then one fits, and not before", () => {
    for (const [limit, before, now] of [
      [5, 5, 1300],
      [5, 5, 1999],
      [1, 1, 1500],
      [10, 3, 1100],
      [100, 100, 1001],
      [1, 0, 1500],
    ] as const) {
      const counts = new SlidingWindow(limit, 1000, 100);
      for (let count = 0; count < before; count++) counts.take("key", start + 500);
      let time = start + now;
      while (counts.take("key", time).isAllowed) time += 0;
      const { wait } = counts.peek("key", time);
      assert.equal(
        counts.peek("key", Math.floor(time + wait) - 2).isAllowed,
        false,
        `${limit} ${before} ${now}`,
      );
      time = Math.ceil(time + wait) + 1;
      assert.equal(counts.peek("key", time).isAllowed, true, `${limit} ${before} ${now}`);
    }
  });

  it("remembers no more keys than it may, those that came last", () => {
    const counts = new SlidingWindow(1, 1000, 10);
    counts.take("mine", start);
    for (let count = 0; count < 1000; count++) {
      counts.take(`key ${count}`, start);
      counts.learn("mine", 1, start);
    }
    assert.equal(counts.peek("mine", start).isAllowed, false);
    assert.equal(counts.peek("key 999", start).isAllowed, false);
    assert.equal(counts.peek("key 1", start).isAllowed, true);
  });
});

describe("toNetwork", () => {
  it("gives IPv4 as it is, and the first half of IPv6", () => {
    for (const [address, network] of [
      ["127.0.0.1", "127.0.0.1"],
      ["", ""],
      ["::1", "0:0:0:0::/64"],
      ["::", "0:0:0:0::/64"],
      ["fe80::1%eth0", "fe80:0:0:0::/64"],
      ["2001:DB8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
      ["2001:db8::5:6", "2001:db8:0:0::/64"],
      ["2001:db8:1:2::", "2001:db8:1:2::/64"],
      ["::ffff:1.2.3.4", "1.2.3.4"],
      ["::ffff:0102:0304", "1.2.3.4"],
      ["64:ff9b::1.2.3.4", "64:ff9b:0:0::/64"],
    ] as const) {
      assert.equal(toNetwork(address), network, address);
    }
  });
});
