import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, it } from "node:test";
import { App, ArgumentError, JSONParser, Router, SessionHandler, WebSocketServer } from "@miqro/core";
import { request, serve } from "./support/serve.js";

const big = "é".repeat(1000);

describe("AppOptions.etag", () => {
  it("tags what GET reads, from 1 KiB, and answers 304 to who has it", async () => {
    await using server = await serve(
      (app) => {
        app.get("/big", (_req, res) => {
          res.setHeader("X-A", "1");
          return big;
        });
        app.get("/json", (_req, res) => res.json({ big }));
        app.get("/small", () => "x".repeat(1023));
        app.get("/own", (_req, res) => res.text(big, { ETag: '"own"' }));
        app.get("/set", (_req, res) => {
          res.setHeader("ETag", '"own"');
          return "short";
        });
        app.get("/web", () => new Response(big, { headers: { etag: '"own"' } }));
        app.get("/failed", (_req, res) => res.text(big, {}, 404));
        app.post("/big", () => big);
        app.get("/tag", (req, res) => res.text("x", { ETag: String(req.headers["x-tag"]) }));
      },
      { etag: true },
    );
    const first = await server.fetch("/big");
    const tag = first.headers.get("etag") ?? "";
    assert.match(tag, /^W\/"[\w-]+"$/);
    assert.equal((await server.fetch("/big", { method: "HEAD" })).headers.get("etag"), tag);
    for (const header of [tag, tag.slice(2), `"x", ${tag}`, "*"]) {
      const known = await server.fetch("/big", { headers: { "if-none-match": header } });
      assert.deepEqual([known.status, await known.text(), known.headers.get("etag")], [304, "", tag], header);
      assert.equal(known.headers.get("x-a"), "1");
      assert.equal(known.headers.get("content-type"), null);
    }
    assert.equal((await server.fetch("/big", { headers: { "if-none-match": '"x"' } })).status, 200);
    assert.match((await server.fetch("/json")).headers.get("etag") ?? "", /^W/);
    assert.equal((await server.fetch("/small")).headers.get("etag"), null);
    for (const path of ["/own", "/set", "/web"]) {
      assert.equal((await server.fetch(path)).headers.get("etag"), '"own"', path);
      for (const [header, status] of [
        ['"own"', 304],
        ['W/"own"', 304],
        ['"x", "own"', 304],
        ['"x"', 200],
      ] as const) {
        const known = await server.fetch(path, { headers: { "if-none-match": header } });
        assert.deepEqual([known.status, known.headers.get("etag")], [status, '"own"'], `${path}: ${header}`);
        if (status === 304) assert.equal(known.headers.get("content-type"), null, path);
      }
    }
    // A tag may contain commas, and a handler may leave out the quotes.
    for (const [tag, header, status] of [
      ['"a,b"', '"a,b"', 304],
      ['"a,b"', 'W/"x", W/"a,b"', 304],
      ['"a,b"', '"x,"a,b""', 200],
      ['"b"', '"a, "b", c"', 200],
      ['W/"a,b"', '"a,b"', 304],
      ['"a,b"', '"a", "b"', 200],
      ["plain", "plain", 304],
      ["plain", "x, plain", 304],
    ] as const) {
      const known = await server.fetch("/tag", { headers: { "x-tag": tag, "if-none-match": header } });
      assert.deepEqual([known.status, known.headers.get("etag")], [status, tag], header);
    }
    assert.equal((await server.fetch("/failed")).headers.get("etag"), null);
    assert.equal((await server.fetch("/big", { method: "POST" })).headers.get("etag"), null);
  });

  it("is off unless asked for", async () => {
    await using server = await serve((app) => app.get("/", () => big));
    assert.equal((await server.fetch("/")).headers.get("etag"), null);
  });
});

describe("AppOptions.caseSensitive", () => {
  it("is on by default, and folds routes and guards alike when off", async () => {
    const set = (app: App): void => {
      app.use(
        "/Admin",
        new Router().use(SessionHandler({ verify: () => null, path: "/admin" })).get("/x", () => "x"),
      );
      app.get("/Users/:Id", (req) => [req.params.Id, req.path]);
    };
    await using strict = await serve(set);
    assert.equal((await strict.fetch("/users/7")).status, 404);
    await using server = await serve(set, { caseSensitive: false });
    assert.deepEqual(await (await server.fetch("/USERS/AbC")).json(), ["AbC", "/USERS/AbC"]);
    assert.deepEqual(await (await server.fetch("/u%53ers/x")).json(), ["x", "/uSers/x"]);
    for (const path of ["/admin/x", "/ADMIN/X", "/%41dmin/x"]) {
      assert.equal((await server.fetch(path)).status, 401, path);
    }
  });
});

describe("handlerTimeout", () => {
  it("answers 503 in place of a slow handler, aborts its signal, and ignores what it comes to", async () => {
    let finish = (): void => {};
    let aborted = false;
    await using server = await serve(
      (app) => {
        app.get("/slow", (req) => {
          req.signal.addEventListener("abort", () => {
            aborted = true;
          });
          return new Promise((resolve) => {
            finish = () => resolve("late");
          });
        });
        app.get("/fast", async () => "fast");
        const patient = new Router({ handlerTimeout: 0 });
        // It takes longer than the handlers of the app may.
        patient.get("/", () => new Promise((resolve) => setTimeout(resolve, 100, "patient")));
        app.use("/patient", patient);
      },
      { handlerTimeout: 30 },
    );
    const slow = await server.fetch("/slow");
    assert.equal(slow.status, 503);
    assert.equal(((await slow.json()) as { code: string }).code, "SERVICE_UNAVAILABLE");
    assert.equal(aborted, true);
    finish();
    assert.equal(await (await server.fetch("/fast")).text(), "fast");
    assert.equal(await (await server.fetch("/patient")).text(), "patient");
    assert.match(server.lines[0]?.out ?? "", /did not answer within 30 ms/);
    assert.equal(server.lines.length, 1);
  });

  it("does not count the time in which the client sends its body, and counts all other", async () => {
    await using server = await serve(
      (app) => {
        app.post("/step", JSONParser(), (req) => req.body);
        app.post("/inside", async (req, res) => {
          await JSONParser()(req, res);
          return req.body;
        });
        app.post("/stream", async (req) => {
          let size = 0;
          for await (const chunk of req) size += chunk.length;
          return { size };
        });
        app.post("/hangs", JSONParser(), () => new Promise(() => {}));
        app.post("/ignores", () => new Promise(() => {}));
      },
      { handlerTimeout: 30 },
    );
    const statuses: string[] = [];
    for (const path of ["/step", "/inside", "/stream", "/hangs", "/ignores"]) {
      const socket = connect(server.port, "127.0.0.1").setEncoding("latin1");
      let received = "";
      socket.on("data", (chunk) => {
        received += chunk;
      });
      socket.write(`${request(`POST ${path}`, "Content-Type: application/json", "Content-Length: 4")}[`);
      for (const rest of ["1", "2", "]"]) {
        // Each part takes longer than a handler may: the time of the client does not count.
        await new Promise((resolve) => setTimeout(resolve, 40));
        if (!socket.destroyed) socket.write(rest);
      }
      if (!socket.closed) await new Promise((resolve) => socket.once("close", resolve));
      statuses.push(`${path} ${received.slice(9, 12)}`);
    }
    assert.deepEqual(statuses, ["/step 200", "/inside 200", "/stream 200", "/hangs 503", "/ignores 503"]);
    assert.equal(server.lines.length, 2);
  });

  it("is refused when it is no time", () => {
    assert.throws(() => new Router({ handlerTimeout: -1 }), ArgumentError);
  });
});

describe("AppOptions.maxRequestsPerSocket", () => {
  it("closes a connection after that many", async () => {
    await using server = await serve((app) => app.get("/", () => "x"), { maxRequestsPerSocket: 2 });
    const line = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    const socket = connect(server.port, "127.0.0.1");
    let received = "";
    socket.setEncoding("latin1").on("data", (chunk) => {
      received += chunk;
      if (received.endsWith("\r\n\r\nx") && received.split("HTTP/1.1").length < 3) socket.write(line);
    });
    socket.write(line);
    await once(socket, "close");
    assert.match(received, /Connection: keep-alive[\s\S]+Connection: close/);
  });
});

describe("AppOptions.onUpgrade", () => {
  it("gets the upgrades that no WebSocket server has a path for", async () => {
    await using server = await serve(
      (app) => app.webSocket(new WebSocketServer({ path: "/ws", validate: () => false })),
      { onUpgrade: (req, socket) => socket.end(`HTTP/1.1 101 X\r\n\r\n${req.url}`) },
    );
    const upgrade = (path: string) =>
      server.raw(
        `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
      );
    assert.match(await upgrade("/other"), /^HTTP\/1.1 101 X\r\n\r\n\/other$/);
    assert.match(await upgrade("/ws"), /^HTTP\/1.1 403 /);
    assert.match(await upgrade("/%zz"), /^HTTP\/1.1 400 /);
  });
});

describe("Router.run", () => {
  it("answers 503 in place of a handler that takes longer than its router permits", async () => {
    const caught: string[] = [];
    let finish = (_value: string): void => {};
    const slow = (): Promise<string> =>
      new Promise((resolve) => {
        finish = resolve;
      });
    const inner = new Router({ handlerTimeout: 20 }).get("/slow", slow).get("/fast", async () => "fast");
    const catching = new Router({ handlerTimeout: 20 }).get("/caught", slow).catch((error) => {
      caught.push((error as { code?: string }).code ?? "");
      return { caught: true };
    });
    await using server = await serve((app) => {
      app.use(async (req, res) => {
        await catching.run(req, res);
      });
      app.use(async (req, res) => {
        await inner.run(req, res);
      });
    });
    assert.equal((await server.fetch("/slow")).status, 503);
    finish("late");
    assert.equal(await (await server.fetch("/fast")).text(), "fast");
    const answer = await server.fetch("/caught");
    assert.deepEqual([answer.status, await answer.json()], [503, { caught: true }]);
    finish("late");
    assert.deepEqual(caught, ["HANDLER_TIMEOUT"]);
    assert.equal((await server.fetch("/nowhere")).status, 404);
  });

  it("runs a router inside a handler, and says whether nothing answered", async () => {
    const inner = new Router()
      .use((req) => {
        req.inner = true;
      })
      .get("/a/:x", (req) => req.params.x)
      .get("/caught", () => {
        throw new Error("inside");
      })
      .catch((error) => (error.message === "inside" ? { caught: true } : undefined))
      .get("/thrown", () => {
        throw new Error("outside");
      });
    await using server = await serve((app) => {
      app.use(async (req, res) => {
        if (await inner.run(req, res)) req.unanswered = true;
      });
      app.get("/:id", (req) => ({
        id: req.params.id,
        ...((req as { unanswered?: boolean }).unanswered && { ran: true }),
      }));
    });
    assert.equal(await (await server.fetch("/a/1")).text(), "1");
    assert.deepEqual(await (await server.fetch("/other")).json(), { id: "other", ran: true });
    const caught = await server.fetch("/caught");
    assert.deepEqual([caught.status, await caught.json()], [500, { caught: true }]);
    assert.equal((await server.fetch("/thrown")).status, 500);
  });
});

describe("Router", () => {
  it("documents, lists and forgets its routes", async () => {
    const app = new App();
    const inner = new Router();
    inner.route({ path: "/:id", name: "read", request: { params: { id: "integer" } }, handler: () => 1 });
    app.use("/posts", inner).post("/x", () => 2);
    assert.deepEqual(app.getJSONDoc(), {
      "/x": { POST: [{ identifier: "X_POST" }] },
      "/posts/:id": {
        GET: [{ identifier: "POSTS_ID_GET", name: "read", request: { params: { id: "integer" } } }],
      },
    });
    const lines: unknown[][] = [];
    app.logPaths({ info: (...line) => void lines.push(line) });
    assert.deepEqual(lines, [
      ["%s %s", "POST", "/x"],
      ["%s %s", "GET", "/posts/:id"],
    ]);
    assert.equal((await app.inject("/posts/1")).status, 200);
    app.clear();
    assert.equal((await app.inject("/posts/1")).status, 404);
    assert.deepEqual(app.routes(), []);
    inner.get("/late", () => 3);
    app.use(inner);
    assert.equal((await app.inject("/late")).text(), "3");
  });
});

describe("Response.sse", () => {
  it("sends events with heartbeats until the client goes away", async () => {
    let closed = (): void => {};
    const left = new Promise<void>((resolve) => {
      closed = resolve;
    });
    await using server = await serve((app) =>
      app.get("/", (_req, res) => {
        const events = res.sse({ heartbeat: 5 });
        res.once("close", async () => {
          assert.deepEqual([events.closed, await events.send("late")], [true, false]);
          closed();
        });
        return events.send("a\nb").then(() => false);
      }),
    );
    const socket = connect(server.port, "127.0.0.1");
    let received = "";
    socket.setEncoding("latin1").on("data", (chunk) => {
      received += chunk;
      if (/data: a\ndata: b\n\n[\s\S]*:\n\n/.test(received)) socket.destroy();
    });
    socket.write(request("GET /"));
    await left;
  });

  it("refuses line breaks where they would begin another field", async () => {
    await using server = await serve((app) =>
      app.get("/", async (_req, res) => {
        const events = res.sse();
        for (const event of [{ event: "a\ndata: b" }, { id: "a\rb" }, { id: "a\0" }, { retry: -1 }]) {
          await assert.rejects(async () => events.send(event), ArgumentError);
        }
        await events.send({ data: "a\r\nb\rc" });
        events.close();
        events.close();
      }),
    );
    assert.equal(await (await server.fetch("/")).text(), "data: a\ndata: b\ndata: c\n\n");
  });
});
