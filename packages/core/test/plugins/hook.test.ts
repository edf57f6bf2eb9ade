import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { App, hook, Router, reply } from "@miqro/core";
import { serve } from "../support/serve.js";

describe("hook", () => {
  it("refuses names and functions that could never run", () => {
    const given = hook as unknown as (...given: unknown[]) => unknown;
    assert.throws(() => given("requests", () => {}), /has no "requests"\. Perhaps "request" was meant/);
    assert.throws(() => given("request", "x"), /"request" of the set of hooks must be a function, not "x"/);
    assert.throws(
      () => given("request", (_a: 1, _b: 2, _c: 3) => {}),
      /3 parameters, but it gets only \(req, res\)\. There is no `next`/,
    );
    assert.throws(() => hook.define({}), /at least one hook: request, transform/);
    assert.throws(
      () => hook.define({ send: 1, redy: () => {} } as never),
      (error: Error) => {
        assert.match(error.message, /has 2 faults:\n- .*"send".*\n- .*"redy"\. Perhaps "ready" was meant/s);
        return true;
      },
    );
    assert.throws(() => hook.lifespan(1 as never), /hook\.lifespan takes a function/);
  });

  it("counts once where it is registered twice, in a scope or around it", async () => {
    const steps: string[] = [];
    const noted = hook.define({
      request: () => void steps.push("request"),
      error: () => void steps.push("error"),
      send: () => void steps.push("send"),
    });
    const inner = new Router().register(noted).get("/", () => {
      throw new Error("broken");
    });
    const app = new App({
      loggerFactory: () => ({ error() {}, warn() {}, info() {}, debug() {}, trace() {} }),
    });
    app.register(noted).register(noted).use("/inner", inner);
    await app.inject("/inner");
    assert.deepEqual(steps, ["request", "error", "send"]);
  });

  it("runs before the middleware of its scope, and behind what its mounting declares", async () => {
    const steps: string[] = [];
    const inner = new Router()
      .use(() => void steps.push("middleware"))
      .hook("request", () => void steps.push("hook"))
      .get("/", () => "x");
    const app = new App().use({ handler: inner, path: "/inner", middleware: () => void steps.push("mount") });
    await app.inject("/inner");
    assert.deepEqual(steps, ["mount", "hook", "middleware"]);
  });

  it("sees requests before a returned Response, with what the handler may carry on", async () => {
    const app = new App()
      .hook("request", ({ pathname, responseState }) => {
        responseState.headers.set("X-Hook", "1");
        return pathname === "/health" ? new Response("OK", responseState) : undefined;
      })
      .get("/ping", ({ responseState }) => new Response("pong", responseState));
    for (const [path, body] of [
      ["/health", "OK"],
      ["/ping", "pong"],
    ] as const) {
      const answer = await app.inject(path);
      assert.deepEqual([answer.status, answer.text(), answer.headers["x-hook"]], [200, body, "1"]);
    }
  });

  it("transforms what any handler returns, and the body of a reply", async () => {
    const app = new App()
      .hook("transform", async (value) => ({ data: value }))
      .hook("transform", (value) => {
        if (Array.isArray(value)) value.push("seen");
      })
      .get("/list", async () => ["a"])
      .get("/reply", () => reply(201, "b", { "X-A": "1" }))
      .get("/empty", () => reply(204))
      .get("/none", () => undefined)
      .get("/flag", () => true);
    const list = await app.inject("/list");
    assert.deepEqual(list.json(), { data: ["a", "seen"] });
    const replied = await app.inject("/reply");
    assert.deepEqual([replied.status, replied.headers["x-a"], replied.json()], [201, "1", { data: "b" }]);
    assert.equal((await app.inject("/empty")).status, 204);
    assert.equal((await app.inject("/none")).status, 404);
    assert.equal((await app.inject("/flag")).status, 404);
  });

  it("answers 500, and says why, where a transform hook does not return data", async () => {
    await using server = await serve((app) => {
      app.hook("transform", () => new Response("x")).get("/", () => "data");
    });
    assert.equal((await server.fetch("/")).status, 500);
    assert.match(String(server.lines[0]?.optionalParams?.at(-1) ?? ""), /transform hook returned a Response/);
  });

  it("sees what is sent, and sets headers, on every way to answer", async () => {
    const seen: unknown[] = [];
    await using server = await serve((app) => {
      app
        .hook("send", (_req, res, head) => {
          seen.push([res.statusCode, head.status, head.hasBody, head.whole?.toString()]);
          res.setHeader("X-Send", "1");
        })
        .get("/data", () => "data")
        .get("/node", (_req, res) => {
          res.statusCode = 203;
          res.write("a");
          res.end("b");
        })
        .get("/away", (_req, res) => res.redirect("/data"));
    });
    for (const path of ["/data", "/node", "/away", "/none"]) {
      assert.equal((await server.fetch(path)).headers.get("x-send"), "1", path);
    }
    assert.deepEqual(seen.slice(0, 3), [
      [200, 200, true, "data"],
      [203, 203, true, undefined],
      [302, 302, true, ""],
    ]);
    assert.equal((seen[3] as number[])[0], 404);
  });

  it("answers 500 once where a send hook throws, and logs one that rejects", async () => {
    let count = 0;
    await using server = await serve((app) => {
      app
        .hook("send", (req) => {
          count++;
          if (req.path === "/reject") return Promise.reject(new Error("late"));
          throw new Error("broken");
        })
        .get("/throw", () => "data")
        .get("/reject", () => "data");
    });
    assert.equal((await server.fetch("/throw")).status, 500);
    assert.equal(count, 2);
    assert.equal((await server.fetch("/reject")).status, 200);
    assert.ok(server.lines.some((line) => /send hook/.test(String(line.message))));
  });

  it("sends what an error hook returns: data with the status of the error, or a Response", async () => {
    await using server = await serve((app) => {
      app
        .hook("error", (error, req) => {
          if (req.path === "/data") return { message: error.message };
          if (req.path === "/response") return new Response("mine", { status: 418 });
          if (req.path === "/next") throw Object.assign(new Error("other"), { status: 409 });
          return undefined;
        })
        .hook("error", (error, req) => (req.path === "/next" ? { message: error.message } : undefined));
      for (const path of ["/data", "/response", "/next"])
        app.get(path, () => {
          throw Object.assign(new Error("mine"), { status: 422 });
        });
    });
    const ask = async (path: string) => {
      const answer = await server.fetch(path);
      return [answer.status, await answer.text()];
    };
    assert.deepEqual(await ask("/data"), [422, '{"message":"mine"}']);
    assert.deepEqual(await ask("/response"), [418, "mine"]);
    assert.deepEqual(await ask("/next"), [409, '{"message":"other"}']);
  });

  it("gets the errors of requests that are refused before any step", async () => {
    await using server = await serve((app) => {
      app.hook("error", (error) => ({ message: error.message }));
    });
    const answer = await server.fetch("/%zz");
    assert.equal(answer.status, 400);
    assert.equal(answer.headers.get("content-type"), "application/json; charset=utf-8");
  });

  it("runs once by hook.once, for each router", async () => {
    let count = 0;
    const once = hook.once("request", () => {
      count++;
    });
    for (const app of [new App(), new App()]) {
      app.register(once).get("/", () => "x");
      await app.inject("/");
      app.get("/more", () => "y");
      await app.inject("/more");
    }
    assert.equal(count, 2);
  });

  it("ends by hook.lifespan what it began, for each start", async () => {
    const steps: string[] = [];
    const app = new App().register(
      hook.lifespan(async (given) => {
        await wait(1);
        steps.push(given === app ? "begun" : "?");
        return () => void steps.push("ended");
      }),
    );
    await Promise.all([app.inject("/"), app.inject("/")]);
    await app.close();
    await app.close();
    assert.deepEqual(steps, ["begun", "ended"]);
    await app.listen({ port: 0, host: "127.0.0.1" });
    await app.close({ drainIdle: 0 });
    assert.deepEqual(steps, ["begun", "ended", "begun", "ended"]);
  });

  it("closes what is left where a close hook fails, and logs it", async () => {
    let ended = false;
    const lines: string[] = [];
    const app = new App({
      loggerFactory: () => ({
        error: (message: unknown) => void lines.push(String(message)),
        warn() {},
        info() {},
        debug() {},
        trace() {},
      }),
    });
    app.hook("close", () => {
      ended = true;
    });
    app.hook("close", () => Promise.reject(new Error("broken")));
    await app.inject("/");
    await app.close();
    assert.deepEqual([ended, lines], [true, ["A close hook failed."]]);
  });

  it("closes the server where a listen hook fails", async () => {
    const app = new App().hook("listen", function announce() {
      throw new Error("no network");
    });
    await assert.rejects(
      app.listen({ port: 0, host: "127.0.0.1" }),
      /The plugin "listen hook announce" failed: no network/,
    );
    assert.equal(app.address, undefined);
  });
});
