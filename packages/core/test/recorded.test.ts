import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setRecordedApp, writeFiles } from "./support/recorded-app.js";
import { type Served, serve } from "./support/serve.js";

// What the app of support/recorded-app.ts answers on the wire, byte by byte, so that no change inside can alter it
// unseen. To record anew after a change that is meant, and then to read the difference:
//
//   npm run build && RECORD=1 node --test packages/core/dist-test/recorded.test.js && git diff

const recording = new URL("../test/recorded/answers.txt", import.meta.url);

function send(line: string, headers: readonly string[] = [], body = ""): string {
  return `${[`${line} HTTP/1.1`, "Host: localhost", "Connection: close", ...headers].join("\r\n")}\r\n\r\n${body}`;
}

const get = (path: string, ...headers: string[]): string => send(`GET ${path}`, headers);

// Bytes go out as the characters of latin1.
const post = (path: string, type: string, text: string, ...headers: string[]): string => {
  const body = Buffer.from(text).toString("latin1");
  return send(`POST ${path}`, [`Content-Type: ${type}`, `Content-Length: ${body.length}`, ...headers], body);
};

const json = (path: string, body: string, ...headers: string[]): string =>
  post(path, "application/json", body, ...headers);

const form = (...parts: string[]): string =>
  `${parts.map((part) => `--line\r\nContent-Disposition: form-data; ${part}\r\n`).join("")}--line--\r\n`;

const upgrade = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"];
const socketKey = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==";

const valuePaths = [
  "text",
  "empty",
  "json",
  "array",
  "number",
  "zero",
  "null",
  "bytes",
  "dataview",
  "blob",
  "map",
];
const moreValues = ["function", "status", "null-status", "later", "long", "rendered", "rendered-later"];

const requests: readonly string[] = [
  get("/"),
  get("/", "X-Mark: yes"),
  get("/?deny=returned"),
  get("/?deny=web"),
  ...[...valuePaths, ...moreValues, "rendered-broken", "nothing"].map((name) => get(`/value/${name}`)),
  ...["created", "empty", "teapot", "wrong", "cookies"].map((name) => get(`/reply/${name}`)),
  ...["text", "empty", "cookies", "json", "redirect", "state", "carried"].map((name) => get(`/web/${name}`)),
  ...["json", "html", "text", "js", "send", "send-null", "redirect", "moved"].map((name) =>
    get(`/res/${name}`),
  ),
  ...["async-end", "async-end-empty", "cookie", "vary", "twice", "tagged"].map((name) => get(`/res/${name}`)),
  ...["typed", "sniff", "reason", "bad-header", "sse"].map((name) => get(`/res/${name}`)),
  ...["node", "web", "iterable", "status", "no-content", "broken", "length"].map((name) =>
    get(`/stream/${name}`),
  ),
  ...["end", "head", "flat", "write", "pipe", "flush", "500", "304", "later"].map((name) =>
    get(`/node/${name}`),
  ),
  ...["thrown", "returned", "rejected", "text", "headers", "clears"].map((name) => get(`/error/${name}`)),
  ...["hidden", "bad-header", "after-json"].map((name) => get(`/error/${name}`)),
  get("/error/returned", "Accept: text/plain"),
  get("/error/thrown", "Accept: text/html"),
  ...["data", "answered", "next", "fails", "later"].map((name) => get(`/caught/${name}`)),

  // HEAD and the other methods.
  ...[
    "/",
    "/value/json",
    "/value/long",
    "/value/null",
    "/stream/node",
    "/web/text",
    "/res/sse",
    "/node/end",
  ].map((path) => send(`HEAD ${path}`)),
  send("HEAD /own-head"),
  get("/own-head"),
  send("HEAD /nowhere"),
  send("HEAD /error/thrown"),
  send("OPTIONS /"),
  send("OPTIONS /own-options"),
  send("OPTIONS /nowhere"),
  send("DELETE /only-get"),
  send("GET /only-delete"),
  send("DELETE /only-delete"),
  send("PATCH /all"),
  send("OPTIONS /all"),

  // Paths.
  get("/nowhere"),
  get("/params/x/y%20z"),
  get("/params//x/./y/"),
  get("/params/a%2Fb/c"),
  get("/wild/a/b%2Fc/"),
  get("/wild"),
  get("/%zz"),
  get("/%00"),
  get("http://localhost/only-get"),
  get("http://other.example:81/request"),
  get("/request?a=1&a=2&b=&__proto__=x", "Cookie: k=v; l=%20", "Accept: application/json"),
  get("/outer"),
  get("/outer/inner/leaf"),
  get("/outer/fallen"),
  get("/outer/inner/nowhere"),
  get("/run/inside"),
  get("/run/caught"),
  get("/run/thrown"),
  get("/run/after"),

  // Bodies.
  json("/body/json", '{"a":[1,"é"]}'),
  json("/body/json", "{broken"),
  json("/body/json", ""),
  json("/body/json", "7", "Content-Encoding: unknown"),
  json("/body/json", '{"__proto__":1,"a":2}'),
  json("/body/strict", "7"),
  json("/body/strict", `"${"x".repeat(200)}"`),
  post("/body/json", "text/plain", "x"),
  send(
    "PUT /body/json",
    ["Content-Type: application/json", "Transfer-Encoding: chunked"],
    "3\r\n[1]\r\n0\r\n\r\n",
  ),
  send(
    "PUT /body/json",
    ["Content-Type: application/json", "Expect: 100-continue", "Content-Length: 3"],
    "[1]",
  ),
  send("PUT /body/json", ["Content-Type: application/json", "Expect: something", "Content-Length: 3"], "[1]"),
  post("/body/form", "application/x-www-form-urlencoded", "a=1&a=2&b=%C3%A9"),
  post("/body/text", "text/plain; charset=latin1", "abc"),
  post("/body/text", "text/plain; charset=unknown", "abc"),
  post("/body/bytes", "application/octet-stream", "12345"),
  post("/body/bytes", "application/octet-stream", "12345678901"),
  post("/body/any", "multipart/form-data; boundary=line", form('name="a"\r\n\r\n1', 'name="a"\r\n\r\n2')),
  post("/body/any", "multipart/form-data; boundary=line", "--line\r\nbroken"),
  post("/body/any", "application/json", "[]"),
  post("/body/unread", "text/plain", "unread"),
  post("/body/stream", "text/plain", "streamed"),

  // Declarations and sessions.
  json("/declared/7?q=x", '{"name":"n"}'),
  json("/declared/x?z=1", '{"tags":1}'),
  json("/declared/7", '{"name":"wrong"}'),
  json("/declared/7", '{"name":"status"}'),
  json("/declared/7", '{"name":"created"}'),
  post("/declared/7", "text/plain", "x"),
  get("/declared-null"),
  get("/declared-none"),
  get("/declared-bytes"),
  get("/declared-query?n=5&all=x"),
  get("/declared-query?n=five", "Accept: text/plain"),
  get("/declared-headers"),
  get("/declared-headers", "X-Need: 1"),
  get("/session"),
  get("/session", "Authorization: Bearer bad"),
  get("/session", "Authorization: Bearer good"),
  get("/session", "Authorization: Bearer admin"),
  get("/cookie-session", "Cookie: token=good"),
  send("POST /cookie-session", ["Cookie: token=good", "Origin: http://evil.example", "Content-Length: 0"]),

  // Files.
  get("/files/hello.txt"),
  get("/files/page.html"),
  get("/files/data.bin"),
  get("/files/large.txt"),
  send("HEAD /files/large.txt"),
  get("/files/sub"),
  get("/files/sub?x=1"),
  get("/files/sub/"),
  get("/files/sub/secret.txt"),
  get("/files/.hidden"),
  get("/files/../../etc/passwd"),
  get("/files/hello.txt/"),
  send("POST /files/hello.txt", ["Content-Length: 0"]),
  send("OPTIONS /files/hello.txt"),
  get("/files/hello.txt", "If-Modified-Since: Tue, 14 Nov 2023 22:13:20 GMT"),
  get("/files/hello.txt", "If-None-Match: *"),
  get("/send/hello"),
  send("HEAD /send/hello"),
  get("/send/large"),
  get("/send/missing"),
  get("/send/hidden"),
  get("/send/unawaited"),

  // Entity tags.
  get("/value/long", "If-None-Match: *"),
  get("/res/tagged", 'If-None-Match: "own"'),

  // Upgrades, old versions and malformed heads.
  get("/socket"),
  send("POST /socket", ["Content-Length: 0"]),
  `GET /socket HTTP/1.1\r\n${["Host: localhost", ...upgrade, socketKey].join("\r\n")}\r\n\r\n`,
  `GET /only-get HTTP/1.1\r\n${["Host: localhost", ...upgrade, socketKey].join("\r\n")}\r\n\r\n`,
  `GET /socket?open HTTP/1.1\r\n${["Host: localhost", ...upgrade].join("\r\n")}\r\n\r\n`,
  "GET / HTTP/1.0\r\n\r\n",
  "GET /stream/node HTTP/1.0\r\n\r\n",
  "GET /node/write HTTP/1.0\r\n\r\n",
  "GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
  "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
  "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
  "GET nowhere HTTP/1.1\r\nHost: a\r\n\r\n",
  "POST /body/json HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
  "FETCH / HTTP/1.1\r\nHost: a\r\n\r\n",
  "GET / HTTP/3.0\r\nHost: a\r\n\r\n",
  `GET / HTTP/1.1\r\nHost: a\r\nX-Long: ${"x".repeat(20_000)}\r\n\r\n`,
  `GET / HTTP/1.1\r\nHost: a\r\n\r\n${get("/value/json")}`,
  `POST /body/bytes HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n\r\n${"x".repeat(20)}`,
];

// Versions of Node.js put the bytes of a body into chunks in different ways.
function joinChunks(received: string): string {
  const start = received.search(/^Transfer-Encoding: chunked\r\n[\s\S]*?^\r\n/m);
  if (start === -1 || !received.startsWith("HTTP/1.1")) return received;
  let at = received.indexOf("\r\n\r\n", start) + 4;
  let joined = received.slice(0, at);
  for (;;) {
    const end = received.indexOf("\r\n", at);
    const size = Number.parseInt(received.slice(at, end), 16);
    at = end + 2 + size + 2;
    if (!(size > 0)) return `${joined}<the last chunk>${received.slice(at)}`;
    joined += received.slice(end + 2, end + 2 + size);
  }
}

/** Hides what is another at each run. */
function mask(received: string): string {
  return joinChunks(received)
    .replace(/^Date: .*\r$/gm, "Date: <date>\r")
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<id>")
    .replace(
      /([a-z]|0123456789abcdef)\1{90,}/g,
      (run, unit: string) => `<${run.length / unit.length} times ${unit}>`,
    );
}

/** Writes bytes so that they can be read, and compared line by line. */
function print(bytes: string): string {
  return bytes
    .replace(/\r\n/g, "\n")
    .replace(/[^\n\x20-\x7e]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

function toTitle(bytes: string): string {
  return `>>> ${print(mask(bytes)).replace(/\n+$/, "").replaceAll("\n", "\n>>> ")}\n`;
}

function readRecording(): Map<string, string> {
  const answers = new Map<string, string>();
  for (const entry of readFileSync(recording, "utf8")
    .split(/^={20}\n/m)
    .slice(1)) {
    const end = entry.search(/^(?!>>> )/m);
    answers.set(entry.slice(0, end), entry.slice(end));
  }
  return answers;
}

describe("recorded answers", () => {
  let server: Served;
  const folder = mkdtempSync(join(tmpdir(), "miqro-recorded-"));

  before(async () => {
    writeFiles(folder);
    server = await serve((app) => setRecordedApp(app, folder), {
      etag: true,
      // Some of these requests leave their connection open.
      keepAliveTimeout: 50,
      renderer: {
        test: (value) =>
          typeof value === "object" &&
          value !== null &&
          /^(rendered|later|broken)$/.test(Object.keys(value).join()),
        render: (value) => {
          const { rendered, later } = value as { rendered?: string; later?: string };
          if (rendered !== undefined) return rendered;
          if (later !== undefined) return Promise.resolve(later);
          throw new Error("broken");
        },
      },
    });
  });

  after(async () => {
    await server[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  if (process.env.RECORD !== undefined) {
    it("are recorded", async () => {
      let text = "";
      for (const bytes of requests) {
        const received = await server.raw(bytes);
        text += `${"=".repeat(20)}\n${toTitle(bytes)}${print(mask(received))}\n`;
      }
      writeFileSync(recording, text);
    });
    return;
  }

  const answers = readRecording();

  it("hold one answer for each request of the table", () => {
    assert.deepEqual([...answers.keys()], requests.map(toTitle));
  });

  for (const bytes of requests) {
    it(print(mask(bytes)).replaceAll("\n", " ").slice(0, 100), async () => {
      const received = await server.raw(bytes);
      assert.equal(`${print(mask(received))}\n`, answers.get(toTitle(bytes)));
    });
  }
});
