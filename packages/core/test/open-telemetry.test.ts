import "./support/find-parts.js";
import assert from "node:assert/strict";
import { type TracingChannel, tracingChannel } from "node:diagnostics_channel";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { after, describe, it } from "node:test";
import { type App, WebSocketServer } from "@miqro/core";
import { traceWithOpenTelemetry } from "@miqro/core/opentelemetry";
import { context, propagation, type SpanContext, trace } from "@opentelemetry/api";
import { WebSocket } from "ws";
import { serve } from "./support/serve.js";

/** The fields of a span that the exporter of the SDK gives. */
interface SeenSpan {
  readonly name: string;
  readonly kind: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly status: { readonly code: number; readonly message?: string };
  readonly events: readonly { readonly name: string }[];
  readonly parentSpanContext?: SpanContext;
  spanContext(): SpanContext;
}

const sdk = "@opentelemetry/sdk-trace-node";
const isMissing = !existsSync(new URL(`../../../test/parts/node_modules/${sdk}`, import.meta.url));
const skip = isMissing && "the SDK of OpenTelemetry is not among the parts of tests";

describe("traceWithOpenTelemetry", { skip }, async () => {
  if (isMissing) return;
  const { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } = await import(sdk);
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  provider.register();
  after(() => provider.shutdown());

  /** Sends a request to an app and gives the spans that came of it, in the order in which they ended. */
  async function ask(
    setUp: (app: App) => void,
    path: string,
    options: { steps?: boolean; headers?: Record<string, string> } = {},
  ): Promise<readonly SeenSpan[]> {
    exporter.reset();
    const { steps = false, headers = {} } = options;
    using _tracing = traceWithOpenTelemetry({ steps, ignore: (req) => req.path === "/health" });
    {
      await using server = await serve(setUp);
      await (await fetch(server.url + path, { headers })).text();
    }
    return exporter.getFinishedSpans();
  }

  const routes = (app: App): void => {
    app.use(function guard() {});
    app.get("/users/:id", () => "ok");
    app.get("/health", () => "ok");
    app.get("/refused", (_req, res) => res.text("no", {}, 409));
    app.get("/broken", () => {
      throw new RangeError("broken");
    });
  };

  for (const [path, name, status, code, error] of [
    ["/users/7?secret=1", "GET /users/:id", 200, 0],
    ["/refused", "GET /refused", 409, 0],
    ["/nothing", "GET", 404, 0],
    ["/broken", "GET /broken", 500, 2, "RangeError"],
  ] as const) {
    it(`makes a span of GET ${path}`, async () => {
      const [span, ...others] = await ask(routes, path, { headers: { "User-Agent": "test" } });
      assert.ok(span);
      assert.deepEqual(others, []);
      assert.equal(span.name, name);
      assert.equal(span.kind, 1);
      assert.equal(span.status.code, code);
      const { "error.type": type, "http.route": route, ...attributes } = span.attributes;
      assert.equal(type, error);
      assert.equal(route, name.split(" ")[1]);
      assert.deepEqual(attributes, {
        "http.request.method": "GET",
        "http.response.status_code": status,
        "url.scheme": "http",
        "url.path": path.replace(/\?.*/, ""),
        "server.address": "127.0.0.1",
        "client.address": "127.0.0.1",
        "network.protocol.version": "1.1",
        "user_agent.original": "test",
      });
      assert.equal(span.events.length, error === undefined ? 0 : 1);
    });
  }

  it("goes on with the trace of the client, and is active in middleware, handlers and what they wait for", async () => {
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const passed: Record<string, string>[] = [];
    const note = (): void => {
      const carrier: Record<string, string> = {};
      propagation.inject(context.active(), carrier);
      passed.push(carrier);
    };
    const [span] = await ask(
      (app) => {
        app.use(note);
        app.post("/", note);
        app.get("/", async () => {
          note();
          await new Promise((resolve) => setImmediate(resolve));
          note();
          return "ok";
        });
      },
      "/",
      { headers: { traceparent } },
    );
    assert.equal(span?.spanContext().traceId, "0af7651916cd43dd8448eb211c80319c");
    assert.equal(span?.parentSpanContext?.spanId, "b7ad6b7169203331");
    const expected = `00-0af7651916cd43dd8448eb211c80319c-${span?.spanContext().spanId}-01`;
    assert.deepEqual(passed, Array(3).fill({ traceparent: expected }));
  });

  it("makes spans of steps below that of the request, when asked", async () => {
    const spans = await ask(routes, "/users/7", { steps: true });
    const names = spans.map(({ name }) => name);
    assert.deepEqual(names, ["middleware guard", "handler anonymous", "GET /users/:id"]);
    const parent = spans.at(-1)?.spanContext().spanId;
    assert.deepEqual(
      spans.slice(0, -1).map((span) => span.parentSpanContext?.spanId),
      [parent, parent],
    );
  });

  it("makes spans of SQL statements, with their text", async () => {
    const channel: TracingChannel<object> = tracingChannel("miqro:query");
    const toTrace = (database: string, error?: Error) => ({
      sql: "select * from posts where id = ?",
      dialect: database === "main" ? "pg" : "node:sqlite",
      database,
      error,
    });
    const [failed, query, request] = await ask((app) => {
      app.get("/", async () => {
        for (const trace of [toTrace("file", new Error("busy")), toTrace("main")]) {
          channel.start.publish(trace);
          channel.end.publish(trace);
          await null;
          channel.asyncEnd.publish(trace);
        }
        return "ok";
      });
    }, "/");
    assert.equal(query?.name, "SELECT main");
    assert.deepEqual(query?.attributes, {
      "db.system.name": "postgresql",
      "db.namespace": "main",
      "db.operation.name": "SELECT",
      "db.query.text": "select * from posts where id = ?",
    });
    assert.deepEqual(failed?.status, { code: 2, message: "busy" });
    assert.equal(failed?.attributes["db.system.name"], "sqlite");
    assert.equal(query?.parentSpanContext?.spanId, request?.spanContext().spanId);
  });

  it("makes spans of WebSocket messages", async () => {
    exporter.reset();
    using _tracing = traceWithOpenTelemetry();
    const sockets = new WebSocketServer({
      path: "/chat",
      onMessage: (client, message) => client.send(`${message}!`),
    });
    {
      await using server = await serve((app) => void app.webSocket(sockets));
      const socket = new WebSocket(`${server.url.replace("http", "ws")}/chat`);
      socket.on("open", () => socket.send("hello"));
      await once(socket, "message");
      socket.close();
      await once(socket, "close");
    }
    const span = exporter.getFinishedSpans().find(({ name }: SeenSpan) => name === "message /chat");
    assert.deepEqual(span?.attributes, { "http.route": "/chat", "messaging.message.body.size": 5 });
  });

  it("makes none of what is ignored, and none after its end", async () => {
    assert.deepEqual(await ask(routes, "/health"), []);
    exporter.reset();
    traceWithOpenTelemetry()[Symbol.dispose]();
    await using server = await serve(routes);
    await (await fetch(`${server.url}/users/7`)).text();
    assert.deepEqual(exporter.getFinishedSpans(), []);
    assert.equal(trace.getActiveSpan(), undefined);
  });

  it("refuses options that nobody reads", () => {
    assert.throws(() => traceWithOpenTelemetry({ step: true } as never), {
      code: "CORE_INVALID_ARGUMENT",
      message: /no "step".*"steps"/,
    });
  });
});
