import assert from "node:assert/strict";
import { describe, it } from "node:test";

type RelayEvent =
  | { readonly id: string; readonly payload: unknown; readonly gap?: undefined }
  | { readonly gap: true; readonly lost?: string | undefined };

/** What the contract asks for. Written down here, so that no package has to know another one to keep it. */
export interface ContractRelay {
  publish(
    channel: string,
    payload: unknown,
    options?: { readonly keep?: number | { readonly count: number; readonly ms?: number } },
  ): Promise<string>;
  subscribe(
    channel: string,
    options: { readonly after?: string },
    listener: (event: RelayEvent) => void,
  ): Promise<() => void>;
  increment(key: string, windowMs: number): Promise<{ readonly count: number; readonly resetAt: number }>;
}

/** Ends of the same relay, such as those of several processes, and what closes them. */
export interface ContractRelays extends AsyncDisposable {
  /** Two at least. */
  readonly relays: readonly ContractRelay[];
}

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, index) => index + from);
const payloadOf = (event: RelayEvent): unknown => (event.gap === true ? "gap" : event.payload);

/** Collects events, and waits for as many as are asked for. */
class Collector {
  readonly events: RelayEvent[] = [];
  #wake = (): void => {};
  readonly take = (event: RelayEvent): void => {
    this.events.push(event);
    this.#wake();
  };

  async payloads(count: number): Promise<unknown[]> {
    while (this.events.length < count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.events.map(payloadOf);
  }
}

/** The facts that hold for every relay. */
export function relayContract(name: string, open: () => Promise<ContractRelays>): void {
  describe(`a relay: ${name}`, () => {
    it("brings the events of one sender to all, once and in their order", async () => {
      await using opened = await open();
      const { relays } = opened;
      const [sender] = relays as [ContractRelay];
      const collectors = relays.map(() => new Collector());
      const ends = await Promise.all(
        relays.map((relay, index) => relay.subscribe("room", {}, (collectors[index] as Collector).take)),
      );
      const ids = await Promise.all(numbers(0, 100).map((count) => sender.publish("room", count)));
      assert.equal(new Set(ids).size, 100);
      for (const collector of collectors) {
        assert.deepEqual(await collector.payloads(100), numbers(0, 100));
        assert.deepEqual(
          collector.events.map((event) => (event.gap === true ? "" : event.id)),
          ids,
        );
      }
      ends[1]?.();
      ends[1]?.();
      await sender.publish("elsewhere", "unheard");
      await sender.publish("room", "last");
      assert.equal((await (collectors[0] as Collector).payloads(101)).at(-1), "last");
      assert.equal(collectors[1]?.events.length, 100);
    });

    it("carries whatever JSON can", async () => {
      await using opened = await open();
      const [one, two] = opened.relays as [ContractRelay, ContractRelay];
      const collector = new Collector();
      await two.subscribe("values", {}, collector.take);
      const values = [
        null,
        true,
        0,
        -1.5,
        "",
        "é\u2028\n\0",
        [],
        {},
        { a: [{ b: "c" }] },
        "x".repeat(100_000),
      ];
      for (const value of values) await one.publish("values", value);
      await one.publish("values", { date: new Date(0), none: undefined });
      assert.deepEqual(await collector.payloads(values.length + 1), [
        ...values,
        { date: "1970-01-01T00:00:00.000Z" },
      ]);
      for (const value of [undefined, () => {}, Symbol("s"), 1n]) {
        await assert.rejects(one.publish("values", value), `${String(value)}`);
      }
    });

    it("gives exactly what was kept since an event, while others are published", async () => {
      await using opened = await open();
      const [one, two] = opened.relays as [ContractRelay, ContractRelay];
      const ids: string[] = [];
      const publish = async (count: number) => {
        ids.push(await one.publish("news", count, { keep: { count: 50, ms: 60_000 } }));
      };
      for (const count of numbers(0, 20)) await publish(count);
      const more = (async () => {
        for (const count of numbers(20, 60)) await publish(count);
      })();
      const collector = new Collector();
      await two.subscribe("news", { after: ids[9] ?? "" }, collector.take);
      await more;
      assert.deepEqual(await collector.payloads(50), numbers(10, 60));
    });

    it("tells of a gap where events after one are not kept, or the id is unknown", async () => {
      await using opened = await open();
      const [one, two] = opened.relays as [ContractRelay, ContractRelay];
      const ids: string[] = [];
      for (const count of numbers(0, 10)) ids.push(await one.publish("short", count, { keep: 5 }));
      const asked = [ids[0] ?? "", "", "nonsense", "0-0", `${ids[0]}9999`, "-", "\r\n"];
      for (const after of asked) {
        const collector = new Collector();
        await two.subscribe("short", { after }, collector.take);
        assert.deepEqual(await collector.payloads(1), ["gap"], JSON.stringify(after));
      }
      const rest = new Collector();
      await two.subscribe("short", { after: ids[4] ?? "" }, rest.take);
      assert.deepEqual(await rest.payloads(5), numbers(5, 10));
      const none = new Collector();
      await two.subscribe("short", { after: ids.at(-1) ?? "" }, none.take);
      await one.publish("short", "next", { keep: 5 });
      assert.deepEqual(await none.payloads(1), ["next"]);
      // An event that is not kept is missing to those who come later.
      await one.publish("short", "unkept");
      const late = new Collector();
      await two.subscribe("short", { after: ids.at(-1) ?? "" }, late.take);
      assert.deepEqual(await late.payloads(1), ["gap"]);
    });

    it("keeps events no longer than it was told", async () => {
      await using opened = await open();
      const [one, two] = opened.relays as [ContractRelay, ContractRelay];
      const first = await one.publish("brief", 1, { keep: { count: 10, ms: 50 } });
      await one.publish("brief", 2, { keep: { count: 10, ms: 50 } });
      for (;;) {
        const collector = new Collector();
        const end = await two.subscribe("brief", { after: first }, collector.take);
        end();
        const [payload] = await collector.payloads(1);
        if (payload === "gap") break;
        assert.equal(payload, 2);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    });

    it("counts in windows of time, for all together", async () => {
      await using opened = await open();
      const { relays } = opened;
      const counts = await Promise.all(
        numbers(0, 20).map((index) => (relays[index % relays.length] as ContractRelay).increment("key", 400)),
      );
      assert.deepEqual(
        counts.map(({ count }) => count).sort((a, b) => a - b),
        numbers(1, 21),
      );
      const resetAt = counts[0]?.resetAt ?? 0;
      for (const count of counts) assert.ok(Math.abs(count.resetAt - resetAt) < 50);
      assert.ok(resetAt > Date.now() - 100 && resetAt < Date.now() + 500);
      const [one] = relays as [ContractRelay];
      assert.equal((await one.increment("other key", 400)).count, 1);
      while ((await one.increment("key", 400)).count !== 1) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    });

    it("refuses what is no channel, key, window, listener or number of events", async () => {
      await using opened = await open();
      const [one] = opened.relays as [ContractRelay];
      for (const name of ["", "x".repeat(1025), 7, undefined]) {
        await assert.rejects(one.publish(name as string, 1));
        await assert.rejects(one.subscribe(name as string, {}, () => {}));
        await assert.rejects(one.increment(name as string, 1000));
      }
      for (const window of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "1"]) {
        await assert.rejects(one.increment("key", window as number), String(window));
      }
      for (const keep of [-1, 1.5, 100_001, "5", { count: 1, ms: 0 }, { count: "1" }]) {
        await assert.rejects(one.publish("kept", 1, { keep: keep as number }), JSON.stringify(keep));
      }
      await assert.rejects(one.subscribe("room", {}, undefined as never));
    });
  });
}
