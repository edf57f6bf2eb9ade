import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ArgumentError, LocalRelay, type Relay, type RelayEvent, StateError } from "@miqro/core";
import { type ContractRelay, relayContract } from "miqro-tests/relay-contract";

relayContract("LocalRelay", async () => {
  const relay = new LocalRelay();
  return { relays: [relay, relay, relay], [Symbol.asyncDispose]: () => relay.close() };
});

describe("LocalRelay", () => {
  it("has the form that others must have", () => {
    const relay: Relay = new LocalRelay() satisfies ContractRelay;
    const other: Relay = relay as ContractRelay;
    assert.equal(other, relay);
  });

  it("brings what a listener publishes after what all are getting", async () => {
    await using relay = new LocalRelay();
    const seen: string[] = [];
    await relay.subscribe("room", {}, (event) => {
      if (event.gap === true) return;
      seen.push(`a${event.payload}`);
      if (event.payload === 1) void relay.publish("room", 2);
    });
    await relay.subscribe("room", {}, (event) => void (event.gap || seen.push(`b${event.payload}`)));
    await relay.publish("room", 1);
    assert.deepEqual(seen, ["a1", "b1", "a2", "b2"]);
  });

  it("gives no event to a listener that has ended its subscription, even while the event is on its way", async () => {
    await using relay = new LocalRelay();
    const seen: RelayEvent[] = [];
    let end = (): void => {};
    await relay.subscribe("room", {}, () => end());
    end = await relay.subscribe("room", {}, (event) => seen.push(event));
    await relay.publish("room", 1);
    assert.deepEqual(seen, []);
  });

  it("tells all faults of a call at once", async () => {
    await using relay = new LocalRelay();
    const faultsOf = async (call: Promise<unknown>): Promise<string[]> => {
      const error = await call.then(
        () => undefined,
        (thrown) => thrown,
      );
      assert.ok(error instanceof ArgumentError);
      return error.issues.map(({ path }) => path);
    };
    assert.deepEqual(await faultsOf(relay.publish("", () => {}, { keep: -1, kep: 1 } as never)), [
      "channel",
      "payload",
      "keep",
      "kep",
    ]);
    assert.deepEqual(await faultsOf(relay.subscribe("", { after: 1 } as never, 1 as never)), [
      "channel",
      "after",
      "listener",
    ]);
    assert.deepEqual(await faultsOf(relay.increment("", 0)), ["key", "windowMs"]);
  });

  it("counts no longer when the clock is set back", async (test) => {
    const relay = new LocalRelay();
    assert.equal((await relay.increment("key", 50)).count, 1);
    test.mock.timers.enable({ apis: ["Date"], now: Date.now() - 3_600_000 });
    const deadline = performance.now() + 5000;
    for (;;) {
      const { count, resetAt } = await relay.increment("key", 50);
      assert.ok(resetAt - Date.now() <= 51, "the end of the window is told by the clock as it is now");
      if (count === 1) break;
      assert.ok(performance.now() < deadline, "the window does not end");
    }
    await relay.close();
  });

  it("is of no use when it is closed", async () => {
    const relay = new LocalRelay();
    await relay.close();
    await assert.rejects(relay.publish("room", 1), StateError);
    await assert.rejects(
      relay.subscribe("room", {}, () => {}),
      StateError,
    );
    await assert.rejects(relay.increment("key", 1), StateError);
  });
});
