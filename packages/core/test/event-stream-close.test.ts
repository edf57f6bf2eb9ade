import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { describe, it } from "node:test";
import { Compression, type EventStream } from "@miqro/core";
import { createDeferred } from "./support/deferred.js";
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

  for (const compressed of [false, true]) {
    it(`${compressed ? "that is compressed " : ""}is cut for a client that does not read, if nothing waits for it`, async () => {
      const opened = createDeferred<EventStream>();
      await using server = await serve((app) => {
        if (compressed) app.use(Compression());
        app.get("/events", (_req, res) => opened.resolve(res.sse({ heartbeat: 0 })));
      });
      const client = connect(server.port, "127.0.0.1").pause();
      client.on("error", () => {});
      const encoding = compressed ? "Accept-Encoding: gzip\r\n" : "";
      client.write(`GET /events HTTP/1.1\r\nHost: a\r\n${encoding}\r\n`);
      const stream = await opened.promise;
      const data = randomBytes(512 * 1024).toString("base64");
      let sent = 0;
      while (!stream.closed && sent < 200) {
        void stream.send({ data });
        sent++;
        if (sent % 4 === 0) await new Promise((done) => setImmediate(done));
      }
      assert.ok(stream.closed);
      assert.ok(sent < 100, `${sent} events were taken.`);
      assert.equal(await stream.send("late"), false);
      assert.equal(server.lines.filter(({ out }) => out.includes("reads events too slowly")).length, 1);
      client.destroy();
    });
  }

  it("sends a large event, and many that are awaited, to a client that reads", async () => {
    await using server = await serve((app) => {
      app.get("/events", async (_req, res) => {
        const stream = res.sse({ heartbeat: 0 });
        void stream.send({ data: "x".repeat(20 * 1024 * 1024) });
        for (let count = 0; count < 40; count++)
          assert.equal(await stream.send({ data: "x".repeat(1024 * 1024) }), true);
        stream.close();
      });
    });
    const answer = await server.raw(request("GET /events"));
    assert.ok(answer.length > 60 * 1024 * 1024);
    assert.ok(answer.endsWith("0\r\n\r\n"));
    assert.deepEqual(server.lines, []);
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
