import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { EventStream } from "@miqro/core";
import { request, serve } from "./support/serve.js";

describe("a stream of events", () => {
  it("ends in order when the app closes, whether it is busy or idle", async () => {
    const streams: EventStream[] = [];
    await using server = await serve((app) => {
      app.get("/events", (_req, res) => {
        const stream = res.sse({ heartbeat: 0 });
        streams.push(stream);
        stream.send("hello");
      });
    });
    const answers = Array.from({ length: 20 }, () => server.raw(request("GET /events")));
    while (streams.length < answers.length) await new Promise((done) => setImmediate(done));
    const start = performance.now();
    await server.app.close();
    for (const answer of await Promise.all(answers)) {
      assert.match(answer, /data: hello/);
      assert.ok(answer.endsWith("0\r\n\r\n"), "the last chunk came, so nothing looks cut");
    }
    // Far below the ten seconds after which what is open is cut.
    assert.ok(performance.now() - start < 3000);
    assert.ok(streams.every(({ closed }) => closed));
    assert.equal(await streams[0]?.send("late"), false);
  });

  it("that begins while the app closes ends at once", async () => {
    let begin = (): void => {};
    await using server = await serve((app) => {
      app.get("/events", async (_req, res) => {
        await new Promise<void>((resolve) => {
          begin = resolve;
        });
        res.sse().send("hello");
      });
    });
    const answer = server.raw(request("GET /events"));
    const isWaiting = begin;
    while (begin === isWaiting) await new Promise((done) => setImmediate(done));
    const closed = server.app.close();
    begin();
    await closed;
    assert.ok((await answer).endsWith("0\r\n\r\n"));
  });

  it("lets go of the app when its client leaves", async () => {
    let opened = 0;
    await using server = await serve((app) => {
      app.get("/events", (_req, res) => {
        opened++;
        res.sse();
      });
    });
    const leave = new AbortController();
    await server.fetch("/events", { signal: leave.signal });
    leave.abort();
    assert.equal(opened, 1);
    await server.app.close();
  });

  it("is not held back by proxies", async () => {
    await using server = await serve((app) => app.get("/events", (_req, res) => res.sse().close()));
    const { headers } = await server.fetch("/events");
    assert.equal(headers.get("x-accel-buffering"), "no");
    assert.equal(headers.get("cache-control"), "no-cache, no-transform");
  });
});
