import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { connect } from "node:net";
import { describe, it } from "node:test";
import { ArgumentError, Health, SessionHandler } from "@miqro/core";
import { serve } from "./support/serve.js";

describe("Health", () => {
  it("tells that the app lives and is ready, before guards that come after it", async () => {
    await using server = await serve((app) => {
      app.use([Health(), SessionHandler({ verify: () => null })]);
      app.get("/", () => "ok");
    });
    for (const path of ["/health/live", "/health/ready"]) {
      const answer = await server.fetch(path);
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get("cache-control"), "no-store");
      assert.deepEqual(await answer.json(), { status: "ok" });
      assert.equal((await server.fetch(path, { method: "HEAD" })).status, 200);
      assert.equal((await server.fetch(path, { method: "POST" })).status, 401);
    }
    assert.equal((await server.fetch("/")).status, 401);
  });

  it("is not ready while the check says no, fails or takes too long", async () => {
    let check = (): boolean | Promise<boolean> => true;
    await using server = await serve((app) => {
      app.use(Health({ ready: "/ready", live: "/live", timeout: 30, check: () => check() }));
    });
    const rows: [check: () => unknown, status: number][] = [
      [() => true, 200],
      [async () => true, 200],
      [() => false, 503],
      [() => undefined, 503],
      [() => "yes", 503],
      [() => Promise.reject(new Error("no database")), 503],
      [
        () => {
          throw new Error("no database");
        },
        503,
      ],
      [() => new Promise(() => {}), 503],
    ];
    for (const [next, status] of rows) {
      check = next as typeof check;
      const answer = await server.fetch("/ready");
      assert.equal(answer.status, status, String(next));
      assert.deepEqual(await answer.json(), { status: status === 200 ? "ok" : "unavailable" });
      assert.equal((await server.fetch("/live")).status, 200);
    }
    // What went wrong is told, and no 503 is an error of the server.
    assert.deepEqual(
      server.lines.map((line) => line.level),
      ["warn", "warn", "warn"],
    );
  });

  it("is not ready after `drain`", async () => {
    const health = Health();
    await using server = await serve((app) => app.use(health));
    health.drain();
    const answer = await server.fetch("/health/ready");
    assert.equal(answer.status, 503);
    assert.deepEqual(await answer.json(), { status: "draining" });
    assert.equal((await server.fetch("/health/live")).status, 200);
  });

  it("is not ready while the app closes", async () => {
    const events = new EventEmitter();
    const begun = once(events, "begun");
    const server = await serve((app) => {
      app.use(Health());
      app.get("/slow", () => {
        events.emit("begun");
        return once(events, "go").then(() => "done");
      });
    });
    // A connection that a load balancer keeps open.
    const socket = connect(server.port, "127.0.0.1").setEncoding("latin1");
    const ask = async (): Promise<string> => {
      socket.write("GET /health/ready HTTP/1.1\r\nHost: a\r\n\r\n");
      return String((await once(socket, "data"))[0]);
    };
    assert.match(await ask(), /^HTTP\/1.1 200 /);
    const slow = server.fetch("/slow");
    await begun;
    const closing = server.app.close({ drainIdle: 5000, timeout: 5000 });
    const answer = await ask();
    assert.match(answer, /^HTTP\/1.1 503 /);
    assert.match(answer, /\{"status":"draining"\}$/);
    events.emit("go");
    assert.equal(await (await slow).text(), "done");
    await closing;
  });

  it("refuses wrong options, all at once", () => {
    assert.throws(
      () => Health({ live: "/a?b", ready: "ready", check: true, timeout: -1 } as never),
      (error) => {
        assert.ok(error instanceof ArgumentError);
        assert.deepEqual(
          error.issues.map((issue) => issue.path),
          ["live", "ready", "check", "timeout"],
        );
        return true;
      },
    );
    assert.throws(() => Health({ live: "/x", ready: "/x" }), /the same path/);
  });
});
