import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { type TracingChannel, tracingChannel } from "node:diagnostics_channel";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, it } from "node:test";
import { App, type ArgumentError, Metrics, type RequestTrace, Router, type StepTrace } from "@miqro/core";
import { serve } from "./support/serve.js";

const events = ["start", "end", "error", "asyncStart", "asyncEnd"] as const;

/** Subscribes to all events of a channel until it is disposed of. */
function listen<Trace extends object>(name: string, take: (event: string, trace: Trace) => void): Disposable {
  const channel: TracingChannel<Trace, Trace> = tracingChannel(name);
  const listeners = Object.fromEntries(
    events.map((event) => [event, (trace: unknown) => take(event, trace as Trace)]),
  );
  channel.subscribe(listeners as never);
  return { [Symbol.dispose]: () => void channel.unsubscribe(listeners as never) };
}

function setRoutes(app: App): void {
  app.use(function guard() {});
  app.get("/users/:id", () => "ok");
  app.get("/later", async function answerLater() {
    await null;
    return "ok";
  });
  app.get("/broken", () => {
    throw new Error("broken");
  });
  app.get("/rejected", async () => {
    await null;
    throw Object.assign(new Error("rejected"), { status: 409 });
  });
  app.use(
    "/child",
    new Router().use(async function inner() {}).get("/:name", (_req, res) => res.json({})),
  );
}

describe("the channel miqro:request", () => {
  it("tells of each request: its route, status and error, in the order of Node's tracing channels", async () => {
    const seen: [string, string, string | undefined, number | undefined, unknown][] = [];
    const traces = new Set<RequestTrace>();
    let done = (): void => {};
    using _listening = listen<RequestTrace>("miqro:request", (event, trace) => {
      traces.add(trace);
      seen.push([
        event,
        trace.method,
        trace.route,
        trace.status,
        (trace.error as Error | undefined)?.message,
      ]);
      if (event === "asyncEnd") done();
    });
    await using server = await serve(setRoutes);
    const rows: [path: string, status: number, route: string | undefined, error?: string][] = [
      ["/users/7?x=1", 200, "/users/:id"],
      ["/later", 200, "/later"],
      ["/broken", 500, "/broken", "broken"],
      ["/rejected", 409, "/rejected", "rejected"],
      ["/child/x", 200, "/child/:name"],
      ["/none", 404, undefined, "Nothing is found at this path."],
      ["/%zz", 400, undefined, "The path of the request has a malformed escape."],
    ];
    for (const [path, status, route, error] of rows) {
      seen.length = 0;
      const ended = new Promise<void>((resolve) => {
        done = resolve;
      });
      const answer = await server.fetch(path);
      await answer.text();
      await ended;
      assert.equal(answer.status, status, path);
      const order = seen.map(([event]) => event);
      const whole = error === undefined ? ["asyncStart", "asyncEnd"] : ["error", "asyncStart", "asyncEnd"];
      assert.deepEqual(order, ["start", "end", ...whole], path);
      const [, method, foundRoute, foundStatus, foundError] = seen.at(-1) ?? [];
      assert.deepEqual([method, foundRoute, foundStatus], ["GET", route, status], path);
      if (path === "/%zz") assert.ok(foundError !== undefined);
      else assert.equal(foundError, error, path);
    }
    assert.equal(traces.size, rows.length);
  });

  it("binds what an AsyncLocalStorage holds to all that runs for the request", async () => {
    const storage = new AsyncLocalStorage<RequestTrace>();
    const channel = tracingChannel<RequestTrace, RequestTrace>("miqro:request");
    channel.start.bindStore(storage, (trace) => trace);
    try {
      await using server = await serve((app) => {
        app.get("/:id", async (req) => {
          await new Promise((resolve) => setImmediate(resolve));
          return storage.getStore()?.req === req ? "same" : "other";
        });
      });
      const texts = await Promise.all(
        Array.from({ length: 10 }, async (_, id) => (await server.fetch(`/${id}`)).text()),
      );
      assert.deepEqual(new Set(texts), new Set(["same"]));
    } finally {
      channel.start.unbindStore(storage);
    }
  });

  it("tells of requests without a connection", async () => {
    const ended: (number | undefined)[] = [];
    let done = (): void => {};
    const twice = new Promise<void>((resolve) => {
      done = resolve;
    });
    using _listening = listen<RequestTrace>("miqro:request", (event, { status }) => {
      if (event === "asyncEnd" && ended.push(status) === 2) done();
    });
    const app = new App();
    app.get("/", () => "ok");
    await app.inject("/");
    await (await app.fetch(new Request("http://localhost/"))).text();
    await twice;
    assert.deepEqual(ended, [200, 200]);
  });
});

describe("the channel miqro:step", () => {
  it("tells of each middleware and handler, its errors and its end", async () => {
    const seen: string[] = [];
    using _listening = listen<StepTrace>("miqro:step", (event, { kind, name, route, error }) => {
      seen.push(`${event} ${kind} ${name} ${route} ${(error as Error | undefined)?.message ?? ""}`.trim());
    });
    await using server = await serve(setRoutes);
    const guard = ["start middleware guard undefined", "end middleware guard undefined"];
    for (const [path, expected] of [
      [
        "/later",
        ["start", "end", "asyncStart", "asyncEnd"].map((event) => `${event} handler answerLater /later`),
      ],
      ["/broken", ["start handler  /broken", "error handler  /broken broken", "end handler  /broken broken"]],
      [
        "/rejected",
        [
          "start handler  /rejected",
          "end handler  /rejected",
          "error handler  /rejected rejected",
          "asyncStart handler  /rejected rejected",
          "asyncEnd handler  /rejected rejected",
        ],
      ],
    ] as const) {
      seen.length = 0;
      await (await server.fetch(path)).text();
      assert.deepEqual(seen, [...guard, ...expected], path);
    }
    seen.length = 0;
    await (await server.fetch("/child/x")).text();
    assert.equal(seen.filter((one) => one.startsWith("asyncEnd middleware inner")).length, 1);
    assert.equal(seen.filter((one) => one.startsWith("start handler")).length, 1);
  });

  it("changes nothing that a client sees", async () => {
    const paths = ["/users/7", "/later", "/broken", "/rejected", "/child/x", "/none", "/%zz"];
    await using server = await serve(setRoutes);
    const ask = async () =>
      Promise.all(
        paths.map(async (path) => {
          const answer = await server.fetch(path);
          const body = (await answer.text()).replace(/"requestId":"[^"]*"/, "");
          const headers = [...answer.headers].filter(([name]) => name !== "date");
          return JSON.stringify([answer.status, headers, body]);
        }),
      );
    const plain = await ask();
    using _steps = listen("miqro:step", () => {});
    using _requests = listen("miqro:request", () => {});
    assert.deepEqual(await ask(), plain);
  });
});

describe("Metrics", () => {
  it("counts requests by method, route and status, as Prometheus reads it", async () => {
    await using metrics = Metrics({ buckets: [0.5, 30] });
    await using server = await serve((app) => {
      app.get("/metrics", metrics);
      setRoutes(app);
    });
    for (let count = 0; count < 3; count++) await (await server.fetch(`/users/${count}`)).text();
    await (await server.fetch("/none")).text();
    await server.raw("BREW /users/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const answer = await server.fetch("/metrics");
    assert.equal(answer.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    const text = await answer.text();
    const labels = 'http_request_method="GET",http_route="/users/:id",http_response_status_code="200"';
    const name = "http_server_request_duration_seconds";
    assert.ok(text.includes(`${name}_bucket{${labels},le="0.5"} 3\n`));
    assert.ok(text.includes(`${name}_bucket{${labels},le="30"} 3\n`));
    assert.ok(text.includes(`${name}_bucket{${labels},le="+Inf"} 3\n`));
    assert.ok(text.includes(`${name}_count{${labels}} 3\n`));
    assert.match(
      text,
      /_count\{http_request_method="GET",http_route="",http_response_status_code="404"\} 1\n/,
    );
    assert.match(text, /\nhttp_server_active_requests 1\n/);
    for (const one of [
      "process_resident_memory_bytes",
      "process_cpu_seconds_total",
      "nodejs_eventloop_lag_p99_seconds",
    ])
      assert.match(text, new RegExp(`\\n# TYPE ${one} (?:gauge|counter)\\n${one} [\\d.e+-]+\\n`));
    // Each line is one that Prometheus can read.
    for (const line of text.trimEnd().split("\n")) {
      assert.match(line, /^(?:# (?:HELP|TYPE) \w+ .+|\w+(?:\{(?:\w+="[^"\n]*",?)+\})? [\d.e+-]+)$/);
    }
    assert.equal((await server.fetch("/metrics", { method: "HEAD" })).status, 200);
  });

  it("has no status for a request whose client left before an answer", async () => {
    await using metrics = Metrics({ process: false });
    let enter = (): void => {};
    const entered = new Promise<void>((resolve) => {
      enter = resolve;
    });
    let left: Promise<unknown> | undefined;
    await using server = await serve((app) => {
      app.get("/metrics", metrics);
      app.get("/slow", (_req, res) => {
        left = once(res, "close");
        enter();
        return new Promise(() => {});
      });
    });
    const socket = connect(server.port, "127.0.0.1");
    socket.write("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    await entered;
    socket.destroy();
    await left;
    const text = await (await server.fetch("/metrics")).text();
    assert.match(
      text,
      /_count\{http_request_method="GET",http_route="\/slow",http_response_status_code=""\} 1\n/,
    );
  });

  it("has as many labels as there are routes, whatever clients send", async () => {
    await using metrics = Metrics({ process: false });
    await using server = await serve((app) => {
      app.get("/metrics", metrics);
      app.get("/users/:id", () => "ok");
    });
    for (let count = 0; count < 50; count++) {
      await (await server.fetch(`/users/${count}?q=${count}`)).text();
      await (await server.fetch(`/none/${count}`)).text();
    }
    const text = await (await server.fetch("/metrics")).text();
    assert.equal(text.match(/_count\{/g)?.length, 2);
    assert.doesNotMatch(text, /process_/);
  });

  it("stops to count, and tells all faults of its options at once", async () => {
    const metrics = Metrics();
    await metrics[Symbol.asyncDispose]();
    assert.equal(tracingChannel("miqro:request").start.hasSubscribers, false);
    const wrong = { buckets: [2, 1], process: "yes", path: "/x" };
    assert.throws(
      () => Metrics(wrong as never),
      (error: ArgumentError) => error.issues.map(({ path }) => path).join() === "buckets,process,path",
    );
  });
});
