import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { hook } from "@miqro/core";
import { serve } from "../support/serve.js";

describe("defer", () => {
  it("runs after the bytes have left, and close waits for it", async () => {
    const steps: string[] = [];
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const server = await serve((app) => {
      app.register(hook("close", () => void steps.push("close hook"))).get("/", (_req, res) => {
        res.defer(async () => {
          steps.push("deferred");
          await held;
          await wait(5);
          steps.push("done");
        });
        return "answer";
      });
    });
    const sent = request(server.url).end();
    const [answer] = await once(sent, "response");
    answer.resume();
    await once(answer, "end");
    steps.push("received");
    const closing = server.app.close({ drainIdle: 0 }).then(() => steps.push("closed"));
    release();
    await closing;
    assert.deepEqual(
      steps.filter((step) => step !== "deferred" && step !== "received"),
      ["done", "close hook", "closed"],
    );
    assert.equal(steps.includes("deferred"), true);
  });
});
