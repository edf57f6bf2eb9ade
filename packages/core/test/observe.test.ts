import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Transform } from "node:stream";
import { after, before, describe, it } from "node:test";
import { createGunzip, createGzip, gunzipSync, gzipSync } from "node:zlib";
import { type App, type InjectedResponse, type Middleware, Static, WebSocketServer } from "@miqro/core";
// Internal, since only middleware of the package itself stands on it for now.
import { observeApp } from "../dist/app/observe-app.js";
import { observe } from "../dist/reply/observe.js";
import { writeFiles } from "./support/recorded-app.js";
import { request, type Served, serve } from "./support/serve.js";

// A small middleware for each thing that can be done to an answer: each needs this and no other place.

/** Counts heads, and sets one header. */
function Tell(seen: string[]): Middleware {
  return function tell(req, res) {
    observe(res, (head) => {
      seen.push(`${req.path} ${head.status} ${head.whole === undefined ? "parts" : "whole"}`);
      res.setHeader("X-Told", String(head.status));
    });
  };
}

/** Compresses at once what is whole, and the rest as it comes. */
function Compress(): Middleware {
  return function compress(_req, res) {
    observe(res, (head) => {
      if (head.status === 204 || head.status === 304) return;
      res.setHeader("Content-Encoding", "gzip");
      if (head.whole === undefined) head.pipeThrough(createGzip());
      else head.replace(gzipSync(head.whole));
    });
  };
}

const folder = mkdtempSync(join(tmpdir(), "miqro-observe-"));

/** Every way to answer, with the body that it sends. */
const ways: Readonly<
  Record<string, { status?: number; body: string | RegExp; set: (app: App, path: string) => void }>
> = {
  returned: { body: "text", set: (app, path) => app.get(path, () => "text") },
  "returned JSON": { body: '{"a":1}', set: (app, path) => app.get(path, () => ({ a: 1 })) },
  "returned bytes": { body: "bytes", set: (app, path) => app.get(path, () => Buffer.from("bytes")) },
  "returned later": { body: "later", set: (app, path) => app.get(path, async () => "later") },
  "returned null": { status: 204, body: "", set: (app, path) => app.get(path, () => null) },
  rendered: { body: "<p>x</p>", set: (app, path) => app.get(path, () => ({ rendered: "<p>x</p>" })) },
  "a stream": {
    body: "onetwo",
    set: (app, path) => app.get(path, () => Readable.from(["one", "two"].map((part) => Buffer.from(part)))),
  },
  "an empty stream": { body: "", set: (app, path) => app.get(path, () => Readable.from([])) },
  "a large stream": {
    body: "x".repeat(3_000_000),
    set: (app, path) =>
      app.get(path, () => Readable.from(Array.from({ length: 30 }, () => Buffer.alloc(100_000, "x")))),
  },
  "a web response": {
    status: 203,
    body: "web",
    set: (app, path) => app.get(path, () => new Response("web", { status: 203 })),
  },
  "res.json": { body: "[1]", set: (app, path) => app.get(path, (_req, res) => res.json([1])) },
  "res.redirect": {
    status: 302,
    body: "",
    set: (app, path) => app.get(path, (_req, res) => res.redirect("/x")),
  },
  "res.asyncEnd": {
    body: "end",
    set: (app, path) => app.get(path, (_req, res) => res.asyncEnd({ body: "end" })),
  },
  "res.sendFile": {
    body: "Hello, file.",
    set: (app, path) => app.get(path, (_req, res) => res.sendFile("hello.txt", { root: folder })),
  },
  "a large file": {
    body: "x".repeat(70_000),
    set: (app, path) => app.get(path, (_req, res) => res.sendFile("large.txt", { root: folder })),
  },
  Static: { body: "Hello, file.", set: (app, path) => app.use(path, Static(folder)) },
  "res.sse": {
    body: "data: a\n\ndata: b\n\n",
    set: (app, path) =>
      app.get(path, (_req, res) => {
        const events = res.sse();
        void events.send("a");
        void events.send("b").then(() => events.close());
      }),
  },
  "res.end": { body: "ended", set: (app, path) => app.get(path, (_req, res) => void res.end("ended")) },
  "res.end without a body": { body: "", set: (app, path) => app.get(path, (_req, res) => void res.end()) },
  "res.writeHead": {
    status: 202,
    body: "body",
    set: (app, path) =>
      app.get(path, (_req, res) => void res.writeHead(202, "Sure", { "X-A": "1" }).end("body")),
  },
  "res.writeHead with an array": {
    body: "ok",
    set: (app, path) =>
      app.get(path, (_req, res) => void res.writeHead(200, ["Content-Length", "2"]).end("ok")),
  },
  "res.write": {
    body: "abc",
    set: (app, path) =>
      app.get(path, (_req, res) => {
        res.write("a");
        res.write("b");
        res.end("c");
      }),
  },
  "res.flushHeaders": {
    body: "late",
    set: (app, path) =>
      app.get(path, (_req, res) => {
        res.flushHeaders();
        setImmediate(() => res.end("late"));
        return false;
      }),
  },
  "a pipe": {
    body: "piped",
    set: (app, path) =>
      app.get(path, (_req, res) => {
        Readable.from([Buffer.from("piped")]).pipe(res);
        return false;
      }),
  },
  "an error": {
    status: 500,
    body: /"status":500/,
    set: (app, path) =>
      app.get(path, () => {
        throw new Error("thrown");
      }),
  },
  "an error of a stream": {
    status: 500,
    body: /"status":500/,
    set: (app, path) =>
      app.get(
        path,
        () =>
          new Readable({
            read() {
              this.destroy(new Error("broken"));
            },
          }),
      ),
  },
  "an error after res.json": {
    body: "{}",
    set: (app, path) =>
      app.get(path, (_req, res) => {
        res.json({});
        throw new Error("late");
      }),
  },
  "an unknown path": { status: 404, body: /"status":404/, set: () => {} },
  "an unknown method": {
    status: 405,
    body: /"status":405/,
    set: (app, path) => app.post(path, () => "post"),
  },
};

const paths = new Map(
  Object.keys(ways).map((name) => [name, `/${name.replaceAll(" ", "-").replaceAll(".", "_")}`]),
);
const pathOf = (name: string): string => `${paths.get(name)}${name === "Static" ? "/hello.txt" : ""}`;

function setWays(app: App, ...middleware: Middleware[]): void {
  for (const one of middleware) app.use(one);
  for (const [name, { set }] of Object.entries(ways)) set(app, paths.get(name) ?? "");
}

const renderer = {
  test: (value: unknown) => typeof value === "object" && value !== null && "rendered" in value,
  render: (value: unknown) => (value as { rendered: string }).rendered,
};

async function start(...middleware: Middleware[]): Promise<Served> {
  return serve((app) => setWays(app, ...middleware), { renderer });
}

function assertBody(actual: string, expected: string | RegExp, name: string): void {
  if (typeof expected === "string") assert.ok(actual === expected, `${name}: ${actual.slice(0, 100)}`);
  else assert.match(actual, expected, name);
}

before(() => writeFiles(folder));
after(() => rmSync(folder, { recursive: true }));

describe("observe", () => {
  it("shows every head once, and takes headers for it, over a socket", async () => {
    const seen: string[] = [];
    await using server = await start(Tell(seen));
    for (const [name, { status = 200, body }] of Object.entries(ways)) {
      const response = await server.fetch(pathOf(name));
      assert.equal(response.status, status, name);
      assert.equal(response.headers.get("x-told"), String(status), name);
      assertBody(await response.text(), body, name);
      assert.deepEqual(seen.splice(0).length, 1, name);
    }
  });

  it("shows every head once without a connection, by inject and by fetch", async () => {
    const seen: string[] = [];
    await using server = await start(Tell(seen));
    for (const [name, { status = 200, body }] of Object.entries(ways)) {
      const injected: InjectedResponse = await server.app.inject(pathOf(name));
      assert.equal(injected.status, status, name);
      assert.equal(injected.headers["x-told"], String(status), name);
      assertBody(injected.text(), body, name);
      const fetched = await server.app.fetch(new Request(`http://localhost${pathOf(name)}`));
      assert.equal(fetched.headers.get("x-told"), String(status), name);
      assertBody(await fetched.text(), body, name);
      assert.deepEqual(seen.splice(0).length, 2, name);
    }
  });

  it("sends other bytes, of whole bodies and of streams, over a socket", async () => {
    await using server = await start(Compress());
    for (const [name, { status = 200, body }] of Object.entries(ways)) {
      const response = await server.fetch(pathOf(name));
      assert.equal(response.status, status, name);
      assert.equal(response.headers.get("content-encoding"), status === 204 ? null : "gzip", name);
      // fetch decodes it.
      assertBody(await response.text(), body, name);
    }
  });

  it("sends other bytes without a connection", async () => {
    await using server = await start(Compress());
    for (const [name, { status = 200, body }] of Object.entries(ways)) {
      const injected = await server.app.inject(pathOf(name));
      assert.equal(injected.status, status, name);
      assertBody(status === 204 ? injected.text() : gunzipSync(injected.body).toString(), body, name);
      if (injected.headers["content-length"] !== undefined && status !== 204) {
        assert.equal(Number(injected.headers["content-length"]), injected.body.length, name);
      }
    }
  });

  it("tells the length of a replaced body, and no length of a transformed one", async () => {
    await using server = await start(Compress());
    const whole = await server.raw(request("GET /returned"));
    const length = Number(/^Content-Length: (\d+)\r$/m.exec(whole)?.[1]);
    assert.equal(length, gzipSync("text").length);
    const head = await server.raw(request("HEAD /returned"));
    assert.match(head, new RegExp(`^Content-Length: ${length}\\r$`, "m"));
    assert.ok(head.endsWith("\r\n\r\n"));
    const file = await server.raw(request(`GET ${pathOf("a large file")}`));
    assert.doesNotMatch(file, /^Content-Length/m);
    assert.match(file, /^Transfer-Encoding: chunked\r$/m);
    const fileHead = await server.raw(request(`HEAD ${pathOf("a large file")}`));
    assert.match(fileHead, /^Content-Encoding: gzip\r$/m);
    assert.ok(fileHead.endsWith("\r\n\r\n"));
    const streamHead = await server.raw(request(`HEAD ${pathOf("a stream")}`));
    assert.doesNotMatch(streamHead, /^Content-Length/m);
  });

  it("lets several observers have their turn, the first one last, and their transforms in that order", async () => {
    const order: string[] = [];
    const add = (mark: string): Middleware =>
      function adding(_req, res) {
        observe(res, (head) => {
          order.push(mark);
          res.setHeader("X-Last", mark);
          head.pipeThrough(
            new Transform({
              transform: (chunk, _encoding, done) => done(null, chunk),
              flush: (done) => done(null, Buffer.from(mark)),
            }),
          );
        });
      };
    await using server = await start(add("1"), add("2"));
    for (const name of ["returned", "a stream", "res.write"]) {
      const response = await server.fetch(pathOf(name));
      assert.equal(response.headers.get("x-last"), "1");
      assert.equal(await response.text(), `${String(ways[name]?.body)}21`);
      assert.deepEqual(order.splice(0), ["2", "1"]);
    }
  });

  it("can set another status", async () => {
    await using server = await start((_req, res) =>
      observe(res, (head) => {
        if (head.status === 200) head.status = 203;
      }),
    );
    for (const name of ["returned", "a stream", "res.end"]) {
      const answer = await server.raw(request(`GET ${pathOf(name)}`));
      assert.match(answer, /^HTTP\/1\.1 203 Non-Authoritative Information\r\n/, name);
    }
    assert.equal((await server.app.inject("/returned")).status, 203);
  });

  it("turns what an observer throws into the error of who answers", async () => {
    await using server = await start((_req, res) =>
      observe(res, (head) => {
        if (head.status === 200) throw new Error("The observer failed.");
      }),
    );
    for (const name of ["returned", "a stream", "an empty stream", "res.end", "res.sendFile"]) {
      assert.equal((await server.fetch(pathOf(name))).status, 500, name);
      assert.equal((await server.app.inject(pathOf(name))).status, 500, name);
    }
  });

  it("cuts the connection when a transform fails", async () => {
    await using server = await start((_req, res) =>
      observe(res, (head) => {
        head.pipeThrough(createGunzip());
      }),
    );
    await assert.rejects(server.fetch("/returned").then((response) => response.text()));
    assert.match(server.lines[0]?.out ?? "", /failed after its answer had begun/);
  });

  it("waits for a client that reads slowly", async () => {
    let isDone = false;
    await using server = await serve((app) => {
      app.use(Compress());
      app.get("/", (_req, res) => {
        const source = Readable.from(
          (function* () {
            // Nothing that gzip could make small.
            for (let index = 0; index < 400; index++) yield crypto.getRandomValues(new Uint8Array(60_000));
            isDone = true;
          })(),
        );
        source.pipe(res);
        return false;
      });
    });
    const response = await server.fetch("/");
    const reader = response.body?.getReader();
    await reader?.read();
    await server.fetch("/nowhere");
    assert.equal(isDone, false);
    let size = 0;
    for (let part = await reader?.read(); part?.done === false; part = await reader?.read())
      size += part.value.length;
    assert.ok(size > 390 * 60_000);
    assert.equal(isDone, true);
  });
});

describe("observeApp", () => {
  it("shows every head of an app, also where no middleware ran", async () => {
    const seen: number[] = [];
    await using server = await serve((app) => {
      observeApp(app, (head, res) => {
        seen.push(head.status);
        res.setHeader("X-First", "1");
      });
      observeApp(app, (_head, res) => {
        res.setHeader("X-First", "2");
        res.setHeader("X-Second", "2");
      });
      app.get("/", () => "root");
      app.webSocket(new WebSocketServer({ path: "/socket", validate: () => false }));
    });
    const upgrade = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"];
    const requests: [string, number][] = [
      [request("GET /"), 200],
      [request("OPTIONS /"), 204],
      [request("GET /%zz"), 400],
      [request("GET /nowhere"), 404],
      [request("POST /"), 405],
      [request("GET /socket"), 426],
      ["GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400],
      [
        `GET /socket HTTP/1.1\r\n${["Host: a", ...upgrade, "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="].join("\r\n")}\r\n\r\n`,
        403,
      ],
    ];
    for (const [bytes, status] of requests) {
      const answer = await server.raw(bytes);
      assert.equal(Number(answer.slice(9, 12)), status, bytes);
      assert.match(answer, /^X-First: 1\r$/m, bytes);
      assert.match(answer, /^X-Second: 2\r$/m, bytes);
      assert.deepEqual(seen.splice(0), [status], bytes);
    }
  });
});
