import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { App, hook, WebSocketServer } from "@miqro/core";
import { WebSocket } from "ws";
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

  it("is waited for without a server, and not where a WebSocket is", async () => {
    let done = 0;
    const app = new App();
    app.use((_req, res) => {
      res.defer(async () => {
        await wait(5);
        done++;
      });
    });
    app.get("/", () => "answer").webSocket(new WebSocketServer({ path: "/ws" }));
    await app.inject("/");
    await app.close();
    assert.equal(done, 1);
    const address = await app.listen({ port: 0, host: "127.0.0.1" });
    const socket = new WebSocket(`ws://127.0.0.1:${(address as AddressInfo).port}/ws`);
    await once(socket, "open");
    const start = performance.now();
    await app.close({ drainIdle: 0, timeout: 5000 });
    assert.ok(performance.now() - start < 4000);
  });
});
