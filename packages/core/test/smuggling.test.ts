import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { JSONParser, Static } from "@miqro/core";
import { request, type Served, serve } from "./support/serve.js";

const next = request("GET /next");
const head = (line: string, ...headers: string[]) =>
  `${[`${line} HTTP/1.1`, ...headers].join("\r\n")}\r\n\r\n`;
const json = "Content-Type: application/json";
const post = (body: string, ...headers: string[]) => head("POST /json", "Host: a", json, ...headers) + body;
const chunked = (body: string) => post(body, "Transfer-Encoding: chunked");

function serveAll(): Promise<Served> {
  return serve(
    (app) => {
      app.get("/", (req) => [req.headers.host, req.hostname, req.path, req.request.url]);
      app.get("/next", () => "next");
      app.use("/json", JSONParser({ limit: 1000 })).all("/json", (req) => req.body ?? "none");
      app.get("/204", (_req, res) => {
        res.statusCode = 204;
        return "body";
      });
      app.get("/204-json", (_req, res) => res.json({ a: 1 }, { "Content-Length": 7 }, 204));
      app.get("/204-end", (_req, res) => {
        res.writeHead(204).end("body");
        return false;
      });
      app.get("/304", (_req, res) => res.text("body", {}, 304));
      app.fallback(Static(import.meta.dirname));
    },
    { stallTimeout: 300, headersTimeout: 300 },
  );
}

/** Sends bytes and another request behind them on one connection, and gives the statuses of what came back. */
async function exchange(server: Served, bytes: string): Promise<{ statuses: number[]; answers: string }> {
  const answers = await server.raw(bytes + next);
  const statuses = [...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]));
  return { statuses, answers };
}

describe("a connection", () => {
  it("is closed behind a request that could be read in two ways", async () => {
    await using server = await serveAll();
    const body = "0\r\n\r\n";
    const ambiguous: string[] = [
      post(body, "Content-Length: 5", "Transfer-Encoding: chunked"),
      post(body, "Transfer-Encoding: chunked", "Content-Length: 5"),
      post(body, "Transfer-Encoding:\r\n chunked"),
      post(body, "Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
      post(body, "Transfer-Encoding: chunked, chunked"),
      post(body, "Transfer-Encoding: gzip, chunked"),
      post(body, "Transfer-Encoding: identity"),
      post(body, "Transfer-Encoding: xchunked"),
      post(body, "Transfer-Encoding: \x0bchunked"),
      post(body, "Transfer-Encoding : chunked"),
      post("{}", "Content-Length: 2", "Content-Length: 2"),
      post("{}", "Content-Length: 2, 2"),
      post("{}", "Content-Length: +2"),
      post("{}", "Content-Length: 0x2"),
      post("{}", "Content-Length: 2 2"),
      post("{}", "Content-Length: "),
      post("{}", "Content-Length: 99999999999999999999"),
      chunked("ffffffffffffffff1\r\n{}\r\n0\r\n\r\n"),
      chunked("-1\r\n{}\r\n0\r\n\r\n"),
      chunked("0x2\r\n{}\r\n0\r\n\r\n"),
      chunked("2 \r\n{}\r\n0\r\n\r\n"),
      chunked("2\n{}\n0\n\n"),
      chunked("2\r{}\r0\r\r"),
      chunked("2;\n{}\r\n0\r\n\r\n"),
      chunked("2\r\n{}0\r\n\r\n"),
      chunked("2\r\n{}\r\n0\r\nContent-Length: 5\r\n\r\n"),
      head("GET /next", "Host: a", "Host: b"),
      head("GET /next", "Host: a/b"),
      head("GET /next", "Host: a", "X: y\r\n folded"),
      head("GET /next", "Host: a\rX: y"),
      head("GET /next", " Host: a", "Host: a"),
      head("GET /next", "Host : a"),
      head("GET http://user@b/next", "Host: a"),
      "GET /next HTTP/1.1\nHost: a\n\n",
      "GET /next\r\n\r\n",
    ];
    for (const bytes of ambiguous) {
      const { statuses, answers } = await exchange(server, bytes);
      assert.deepEqual(statuses, [400], `${JSON.stringify(bytes)} got ${answers}`);
      assert.doesNotMatch(answers, /keep-alive|next$/);
    }
    // RFC 9112 6.1: this one is answered, and the last of its connection.
    const old = post("2\r\n{}\r\n0\r\n\r\n", "Transfer-Encoding: chunked", "Connection: keep-alive");
    const last = await exchange(server, old.replace("HTTP/1.1", "HTTP/1.0"));
    assert.deepEqual(last.statuses, [200]);
    assert.doesNotMatch(last.answers, /keep-alive|next$/);
    const huge = await server.raw(chunked(`2;${"a".repeat(100_000)}\r\n{}\r\n0\r\n\r\n`)).catch(() => "");
    assert.match(huge, /^(HTTP\/1.1 413 |$)/);
    const trailers = await exchange(server, chunked(`2\r\n{}\r\n0\r\n${"X-A: b\r\n".repeat(5000)}\r\n`));
    assert.deepEqual(trailers.statuses, [431]);
    for (const count of [1000, 1100, 2100]) {
      const many = Array.from({ length: count }, () => "a:b");
      const { statuses } = await exchange(server, head("GET /next", "Host: a", ...many, "Host: b"));
      assert.deepEqual(statuses, [431], `${count}`);
    }
    // Two hosts, and a body that is left unread behind them.
    const unread = head("POST /json", "Host: a", "Host: b", `Content-Length: ${next.length}`) + next;
    assert.deepEqual((await exchange(server, unread)).statuses, [400]);
    assert.deepEqual(server.lines, []);
  });

  it("stays in step with its client where one request is refused, or has no need for its body", async () => {
    await using server = await serveAll();
    const length = `Content-Length: ${next.length}`;
    const gzipped = gzipSync('{"a":1}').toString("latin1");
    const gzip = (body: string) => post(body, "Content-Encoding: gzip", `Content-Length: ${body.length}`);
    const cases: [string, number[]][] = [
      [post("{", "Content-Length: 1"), [400, 200]],
      [post("{}", "Transfer-Encoding: CHUNKED").replace("{}", "2;a=b\r\n{}\r\n0\r\n\r\n"), [200, 200]],
      [head("POST /nowhere", "Host: a", length) + next, [404, 200]],
      [head("DELETE /next", "Host: a", length) + next, [405, 200]],
      [head("GET /next", "Host: a", length) + next, [200, 200]],
      [head("HEAD /next", "Host: a", length) + next, [200, 200]],
      [`${head("GET /json", "Host: a", json, "Content-Length: 2")}{}`, [200, 200]],
      [head("GET /204", "Host: a"), [204, 200]],
      [head("GET /204-json", "Host: a"), [204, 200]],
      [head("GET /204-end", "Host: a"), [204, 200]],
      [head("GET /304", "Host: a"), [304, 200]],
      [post("{}", "Expect: nonsense", "Content-Length: 2"), [417, 200]],
      [post("{}", "Expect: 100-continue", "Content-Length: 2"), [100, 200, 200]],
      [head("OPTIONS *", "Host: a"), [204, 200]],
      [gzip(gzipped), [200, 200]],
      [gzip(gzipped + gzipped), [400, 200]],
      [gzip(`${gzipped}junk`), [400, 200]],
      [gzip("{}"), [400, 200]],
      // The rest of these bodies is not read, so nothing more can be.
      [post(" ".repeat(1001), "Content-Length: 1001"), [413]],
      [post("{}", "Content-Encoding: gzip, gzip, gzip", "Content-Length: 2"), [415]],
      [post(" ".repeat(1001), "Expect: 100-continue", "Content-Length: 1001"), [413]],
    ];
    for (const [bytes, expected] of cases) {
      const { statuses, answers } = await exchange(server, bytes);
      assert.deepEqual(statuses, expected, `${JSON.stringify(bytes)} got ${answers}`);
      if (expected.at(-1) === 200) assert.match(answers, /\r\n\r\nnext$/);
    }
    // The length of what comes out of the decoder is not that of the body.
    const short = post(gzipped, "Content-Encoding: gzip", "Content-Length: 7");
    assert.deepEqual((await exchange(server, short)).statuses, [400]);
    assert.deepEqual(server.lines, []);
  });

  it("carries no body, length or type with a 204", async () => {
    await using server = await serveAll();
    for (const path of ["/204", "/204-json", "/204-end"]) {
      const answer = await server.raw(request(`GET ${path}`));
      assert.doesNotMatch(answer, /Content-(Length|Type):/i, path);
      assert.match(answer, /\r\n\r\n$/);
    }
  });

  it("has the host of an absolute target, whatever its Host says", async () => {
    await using server = await serveAll();
    const answer = await server.raw(request("GET http://other.example:81/?a"));
    assert.match(answer, /\["other.example:81","other.example","\/","http:\/\/other.example:81\/\?a"\]$/);
  });

  it("is told that there are no tunnels, after the answers to the requests before", async () => {
    await using server = await serveAll();
    const tunnel = head("CONNECT other:80", "Host: a");
    for (const [bytes, expected] of [
      [tunnel, [400]],
      [`${tunnel}bytes for the tunnel`, [400]],
      [head("GET /next", "Host: a") + tunnel, [200, 400]],
      [post("{}", "Content-Length: 2") + tunnel, [200, 400]],
      [head("GET /next", "Host: a", "Connection: close") + tunnel, [200]],
      [head("CONNECT other:80", "Host: a", "Host: b"), [400]],
    ] as const) {
      const answers = await server.raw(bytes);
      const statuses = Array.from(answers.matchAll(/HTTP\/1\.1 (\d+)/g), ([, status]) => Number(status));
      assert.deepEqual(statuses, expected, `${JSON.stringify(bytes)} got ${answers}`);
    }
    assert.deepEqual(server.lines, []);
  });

  it("bears thousands of headers, ranges, parameters and slashes", async () => {
    await using server = await serveAll();
    const get = (path: string, ...headers: string[]) => server.raw(request(`GET ${path}`, ...headers));
    assert.match(await get("/next", ...Array.from({ length: 900 }, () => "a:b")), / 200 /);
    const ranges = `Range: bytes=${Array.from({ length: 3000 }, () => "0-").join()}`;
    const file = await get("/smuggling.test.js", ranges);
    assert.match(file, /^HTTP\/1.1 (200|206|416) /);
    assert.match(await get(`/${"/".repeat(15_000)}next`), / 200 /);
    assert.match(await get(`/${"%2f".repeat(5000)}`), / 404 /);
    assert.match(await get(`/next?${"a=1&".repeat(3800)}`), / 200 /);
    assert.match(await get("/next", `Accept: ${"a/b;q=0.1,".repeat(1500)}`), / 200 /);
    assert.match(await get("/nowhere", `Accept: ${"a/b;q=0.1,".repeat(1500)}`), / 404 /);
    assert.match(await get("/smuggling.test.js", `If-None-Match: ${'"a",'.repeat(3000)}`), / 200 /);
    assert.deepEqual(server.lines, []);
  });

  it("gathers no listeners and no warnings, however many requests it brings", async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => void warnings.push(warning);
    process.on("warning", onWarning);
    const counts: number[] = [];
    await using server = await serve((app) => {
      app.use((req) => {
        const { socket } = req;
        counts.push(socket.eventNames().reduce((sum, name) => sum + socket.listenerCount(name), 0));
      });
      app.use(JSONParser()).post("/", (req) => req.body);
    });
    const bodies = ["{}", "{", '{"a":1}', ""];
    let bytes = "";
    for (let index = 0; index < 100; index++) {
      const body = bodies[index % bodies.length] as string;
      const path = index % 7 === 0 ? "/nowhere" : "/";
      bytes += head(`POST ${path}`, "Host: a", json, `Content-Length: ${body.length}`) + body;
    }
    const { statuses } = await exchange(server, bytes);
    assert.equal(statuses.length, 101);
    assert.ok(Math.max(...counts) <= (counts[0] as number) + 2, counts.join());
    process.off("warning", onWarning);
    assert.deepEqual(warnings, []);
  });
});
