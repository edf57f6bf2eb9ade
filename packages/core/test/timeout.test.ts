import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { ArgumentError, Timeout, type TimeoutOptions } from "@miqro/core";
import { serve } from "./support/serve.js";

describe("Timeout", () => {
  it("answers 503 for all that runs behind it, and aborts the signal", async () => {
    const events = new EventEmitter();
    const aborted = once(events, "aborted");
    await using server = await serve((app) => {
      app.use(Timeout({ timeout: 60 }));
      // Each of these is within the limit.
      for (let count = 0; count < 3; count++) app.use(() => wait(40), "/parts");
      app.get("/parts", () => "late");
      app.get("/signal", async (req) => {
        await once(req.signal, "abort");
        events.emit("aborted");
        req.signal.throwIfAborted();
      });
      app.get("/fast", () => "ok");
      app.catch((error, req) => {
        if (req.path === "/parts") return { message: error.message };
        return undefined;
      });
    });
    const parts = await server.fetch("/parts");
    assert.equal(parts.status, 503);
    assert.deepEqual(await parts.json(), { message: "The handler did not answer within 60 ms." });
    const signal = await server.fetch("/signal");
    assert.equal(signal.status, 503);
    await aborted;
    assert.equal(await (await server.fetch("/fast")).text(), "ok");
    // One line for each 503, and none for the handler that ended with the signal.
    assert.equal(
      server.lines.filter((line) => line.level === "error").length,
      2,
      JSON.stringify(server.lines),
    );
  });

  it("leaves an answer alone that has begun", async () => {
    await using server = await serve((app) => {
      app.use(Timeout({ timeout: 20 }));
      app.get("/", async (_req, res) => {
        res.write("a");
        await wait(60);
        res.end("b");
      });
    });
    const answer = await server.fetch("/");
    assert.equal(answer.status, 200);
    assert.equal(await answer.text(), "ab");
  });

  it("refuses a limit that is none", () => {
    for (const options of [
      {},
      { timeout: 0 },
      { timeout: -1 },
      { timeout: "5s" },
      { timeout: Number.NaN },
      { ms: 1 },
      5,
    ])
      assert.throws(() => Timeout(options as TimeoutOptions), ArgumentError);
  });
});
