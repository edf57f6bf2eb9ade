import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { describe, it } from "node:test";
import { App, BodyParser, JSONParser, Router, Static } from "@miqro/core";
import { request, type Served, serve } from "./support/serve.js";

/** An app with something behind every kind of input. Whatever comes, it must log nothing and go on. */
async function serveAll(): Promise<Served> {
  return serve(
    (app) => {
      app.get("/", (req) => [req.query, req.cookies, req.path, req.hostname]);
      app.get("/users/:id", (req) => req.params.id);
      app.use(
        "/admin",
        new Router().use((_req, res) => res.text("no", {}, 403)).get("/x", () => "secret"),
      );
      app.post("/json", JSONParser({ limit: 1000 }), (req) => ({ got: req.body ?? null }));
      app.post("/any", BodyParser({ limit: 1000 }), (req) => ({ got: req.body ?? null }));
      app.post("/iterated", async (req) => {
        let size = 0;
        for await (const chunk of req) size += (chunk as Buffer).length;
        return size;
      });
      app.post("/unread", () => "unread");
      app.fallback(Static(import.meta.dirname));
    },
    { stallTimeout: 150, headersTimeout: 300 },
  );
}

const status = (answer: string): number => Number(/^HTTP\/1.1 (\d{3})/.exec(answer)?.[1] ?? 0);
const post = (path: string, body: string, ...headers: string[]): string =>
  request(`POST ${path}`, `Content-Length: ${Buffer.byteLength(body, "latin1")}`, ...headers) + body;

async function expectStatus(
  server: Served,
  cases: readonly (readonly [string, number | readonly number[]])[],
): Promise<void> {
  for (const [bytes, wanted] of cases) {
    const answer = await server.raw(bytes);
    const allowed = [wanted].flat();
    assert.ok(
      allowed.includes(status(answer)),
      `${JSON.stringify(bytes.slice(0, 120))} got ${answer.slice(0, 60)}`,
    );
  }
  // It lives, and has nothing to say about any of it.
  assert.equal((await server.fetch("/users/7")).status, 200);
  assert.deepEqual(
    server.lines.map((line) => line.out),
    [],
  );
}

describe("bad input", () => {
  it("in request lines and versions gets a 400 or a closed socket", async () => {
    await using server = await serveAll();
    const end = "\r\nHost: a\r\nConnection: close\r\n\r\n";
    await expectStatus(server, [
      [`GET${end}`, 400],
      [`GET /${end}`, 400],
      ["\0\0\0\0\r\n\r\n", 400],
      [`GE\x00T / HTTP/1.1${end}`, 400],
      [`get / HTTP/1.1${end}`, 400],
      [`BREW / HTTP/1.1${end}`, 400],
      [`GET / HTTP/9.9${end}`, 400],
      [`GET  / HTTP/1.1${end}`, [400, 200]],
      [`GET / HTTP/1.1\nHost: a\n\n`, 400],
      [`GET * HTTP/1.1${end}`, 400],
      [`GET a/b HTTP/1.1${end}`, 400],
      [`GET ftp://x/ HTTP/1.1${end}`, 400],
      [`GET //evil.example/ HTTP/1.1${end}`, 404],
      [`GET /${"a".repeat(20_000)} HTTP/1.1${end}`, 431],
      ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400],
    ]);
  });

  it("in headers gets a 400, or a 431 when there are too many", async () => {
    await using server = await serveAll();
    await expectStatus(server, [
      [request("GET /", "no colon"), 400],
      [request("GET /", ": empty"), 400],
      [request("GET /", "X Y: z"), 400],
      [request("GET /", "X: a\0b"), 400],
      [request("GET /", " folded: x"), 400],
      [request("GET /", `X: ${"y".repeat(20_000)}`), 431],
      [request("GET /", ...Array.from({ length: 3000 }, (_, index) => `X-${index}: y`)), 431],
      [request("GET /", "__proto__: x", "constructor: y", "toString: z"), 200],
      [request("GET /", "Content-Length: 1", "Content-Length: 2"), 400],
      [request("POST /json", "Content-Length: -1"), 400],
      [request("POST /json", "Content-Length: 1e1"), 400],
      [request("POST /json", "Content-Length: 5", "Transfer-Encoding: chunked"), 400],
      [request("POST /json", "Transfer-Encoding: gzip"), 400],
      [request("GET /", "Expect: nonsense"), 417],
    ]);
  });

  it("in the host gets a 400", async () => {
    await using server = await serveAll();
    const get = (...lines: string[]): string =>
      `GET / HTTP/1.1\r\n${lines.join("\r\n")}\r\nConnection: close\r\n\r\n`;
    await expectStatus(server, [
      [get("Host: a", "Host: a"), 400],
      [get("Host: a", "HOST: b"), 400],
      [get("X: y"), 400],
      [get("Host: a@b"), 400],
      [get("Host: a\tb"), 400],
      [get("Host: a:99999999"), 400],
      [get("Host: [::1"), 400],
      [get("Host: é"), 400],
      [get("Host: <script>"), 400],
      [get("Host: "), 200],
      [get("Host: [::1]:8080"), 200],
    ]);
  });

  it("in paths, queries and cookies is read once, or gets a 4xx, and no guard is passed", async () => {
    await using server = await serveAll();
    const get = (path: string, ...headers: string[]): string => request(`GET ${path}`, ...headers);
    await expectStatus(server, [
      [get("/%"), 400],
      [get("/%zz"), 400],
      [get("/%c3%28"), 400],
      [get("/%00"), 400],
      [get("/%25%30%30"), 404],
      [get("/admin/x"), 403],
      [get("//admin//x"), 403],
      [get("/./admin/x"), 403],
      [get("/x/../admin/x"), 403],
      [get("/%61dmin/x"), 403],
      [get("/admin/%78"), 403],
      [get("/admin;a=b/x"), 404],
      [get("/ADMIN/x"), 404],
      [get("/admin%2fx"), 404],
      [get("/..%2f..%2fetc/passwd"), 404],
      [get("/%2e%2e/%2e%2e/etc/passwd"), 404],
      [get("/..%5c..%5cetc"), 404],
      [get("/?%"), 200],
      [get("/?a=%zz&b=%c3%28&__proto__=1&constructor=2&a[b]=1"), 200],
      [get(`/?${"a&".repeat(5000)}`), 200],
      [get("/", 'Cookie: =; ;;; a; b=%zz; __proto__=1; c="x'), 200],
      [get("/", `Cookie: ${"a=b; ".repeat(2000)}`), 200],
    ]);
  });

  it("in bodies gets a 4xx", async () => {
    await using server = await serveAll();
    const json = "Content-Type: application/json";
    const chunked = request("POST /json", json, "Transfer-Encoding: chunked");
    await expectStatus(server, [
      [post("/json", "{", json), 400],
      [post("/json", "", json), 200],
      [post("/json", "[".repeat(900), json), 400],
      [post("/json", '{"a":1e999}', json), 200],
      [post("/json", "\xff\xfe", json), 400],
      [post("/json", '{"a":1}{"b":2}', json), 400],
      [post("/json", "NaN", json), 400],
      [post("/json", "{}", "Content-Type: application/json\t;charset=utf-16"), 415],
      [post("/json", "{}", "Content-Type: application/json", "Content-Encoding: gzip"), 400],
      [post("/json", "x".repeat(1001), json), 413],
      [request("POST /json", json, "Content-Length: 99999999999999999999"), [400, 413]],
      [`${chunked}zz\r\n`, 400],
      [`${chunked}fffffffff\r\n{}`, [400, 413, 408]],
      [`${chunked}2\r\n{}XX`, 400],
      [post("/any", "a=%zz&__proto__=1", "Content-Type: application/x-www-form-urlencoded"), 200],
      [post("/any", "x", "Content-Type: "), 200],
      [post("/any", "x", "Content-Type: a/b, application/json"), 200],
      [post("/any", "x", "Content-Type: multipart/form-data; boundary="), 400],
      [post("/any", "x", "Content-Type: multipart/form-data; boundary=x; boundary=y"), 400],
    ]);
  });

  it("gets 408 or a closed socket when it stalls, wherever the body is read", async () => {
    await using server = await serveAll();
    const short = (path: string): string =>
      `${request(`POST ${path}`, "Content-Type: application/json", "Content-Length: 10")}{"a"`;
    await expectStatus(server, [
      [short("/json"), 408],
      [short("/any"), 408],
      [short("/iterated"), 408],
      [short("/unread"), 200],
      [`${request("POST /json", "Content-Type: application/json", "Transfer-Encoding: chunked")}5\r\n{`, 408],
      [
        `${request("POST /json", "Content-Type: application/json", "Content-Encoding: gzip", "Content-Length: 9")}\x1f\x8b`,
        408,
      ],
      [
        `${request("POST /any", "Content-Type: multipart/form-data; boundary=b", "Content-Length: 9")}--b`,
        408,
      ],
      ["GET / HTTP/1.1\r\nHost: a\r\n", 408],
      ["GE", 408],
      ["", [0, 408]],
    ]);
  });

  it("leaves nothing behind when clients go away at every byte", async () => {
    await using server = await serveAll();
    const bytes = post("/json", '{"a":1}', "Content-Type: application/json");
    for (let length = 0; length <= bytes.length; length += 7) {
      const socket = connect(server.port, "127.0.0.1");
      socket.on("error", () => {}).resume();
      await once(socket, "connect");
      socket.write(bytes.slice(0, length));
      if (length % 2 === 0) socket.resetAndDestroy();
      else socket.end();
      await once(socket, "close");
    }
    await expectStatus(server, []);
  });
});

describe("clients that go away", () => {
  it("in the middle of a body or of an answer leave nothing in the log, and nothing that still runs", async () => {
    const left: string[] = [];
    const endless = async function* () {
      for (;;) yield Buffer.alloc(64 * 1024);
    };
    await using server = await serve(
      (app) => {
        app.use((req, res) => {
          res.once("close", () => left.push(req.path));
        });
        app.get("/stream", endless);
        app.get("/web", () => new Response(new Blob([Buffer.alloc(20_000_000)]).stream()));
        app.get("/bytes", () => Buffer.alloc(20_000_000));
        app.get("/end", (_req, res) => res.asyncEnd({ body: Buffer.alloc(20_000_000) }));
        app.get("/events", async (_req, res) => {
          const events = res.sse();
          while (await events.send("x".repeat(100_000)));
          return false;
        });
        app.get("/piped", (_req, res) => {
          Readable.from(endless()).pipe(res);
        });
        app.get("/waits", (req) => once(req.signal, "abort").then(() => "late"));
        app.post("/json", JSONParser(), () => "never");
        app.post("/form", BodyParser(), () => "never");
        app.post("/iterated", async (req) => {
          for await (const _chunk of req);
        });
        app.post("/request", (req) => req.request.text());
      },
      { stallTimeout: 300 },
    );
    const length = "Content-Length: 1000";
    const cases: [string, string, boolean][] = [
      ["/stream", request("GET /stream"), true],
      ["/web", request("GET /web"), true],
      ["/bytes", request("GET /bytes"), true],
      ["/end", request("GET /end"), true],
      ["/events", request("GET /events"), true],
      ["/piped", request("GET /piped"), true],
      ["/waits", request("GET /waits"), false],
      ["/json", `${request("POST /json", length, "Content-Type: application/json")}{`, false],
      [
        "/form",
        `${request("POST /form", length, "Content-Type: multipart/form-data; boundary=b")}--b`,
        false,
      ],
      ["/iterated", `${request("POST /iterated", length)}x`, false],
      ["/request", `${request("POST /request", length)}x`, false],
    ];
    for (const [path, bytes, answers] of cases) {
      for (const end of ["resetAndDestroy", "destroy"] as const) {
        left.length = 0;
        const socket = connect(server.port, "127.0.0.1");
        socket.on("error", () => {});
        socket.write(bytes);
        if (answers) await once(socket, "data");
        else await server.fetch("/nowhere");
        socket[end]();
        while (!left.includes(path)) await new Promise((resolve) => setImmediate(resolve));
      }
    }
    assert.equal((await server.fetch("/nowhere")).status, 404);
    assert.deepEqual(
      server.lines.map(({ out }) => out),
      [],
    );
  });
});

describe("the routing table", () => {
  it("bounds what hostile routes and paths cost, and still matches as it should", async () => {
    const app = new App();
    const letters = ["a", "b"];
    // Every prefix can be static or a parameter, so that the sets of live nodes double with each segment.
    const depth = 16;
    for (let index = 0; index < 2 ** 10; index++) {
      const tokens = Array.from({ length: depth }, (_, at) =>
        (index >> (at % 10)) & 1 ? `:p${at}` : (letters[at % 2] as string),
      );
      app.get(`/${tokens.join("/")}/${index}`, () => String(index));
    }
    const before = process.memoryUsage().heapUsed;
    const started = performance.now();
    let seed = 1;
    for (let count = 0; count < 20_000; count++) {
      const segments = Array.from({ length: depth }, () => {
        seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
        return ["a", "b", "x"][seed % 3];
      });
      const { status } = await app.inject(`/${segments.join("/")}/${count}`);
      assert.ok(status === 200 || status === 404);
    }
    assert.ok(performance.now() - started < 60_000);
    // All in all less than a few states of each kind would take without a bound.
    assert.ok(process.memoryUsage().heapUsed - before < 400 * 2 ** 20);
    const path = Array.from({ length: depth }, (_, at) => letters[at % 2]).join("/");
    assert.equal((await app.inject(`/${path}/0`)).text(), "0");
    assert.equal((await app.inject(`/${path}/1023`)).text(), "1023");
    assert.equal((await app.inject(`/${path}/1024`)).status, 404);
  });

  it("takes paths of thousands of segments, and thousands of parameters in a route", async () => {
    const app = new App();
    const names = Array.from({ length: 2000 }, (_, index) => `:p${index}`);
    app.get(`/${names.join("/")}`, (req) => req.params.p1999);
    assert.equal((await app.inject(`/${"x/".repeat(1999)}last`)).text(), "last");
    assert.equal((await app.inject(`/${"x/".repeat(5000)}`)).status, 404);
  });
});
