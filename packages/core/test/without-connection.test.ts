import assert from "node:assert/strict";
import { request as ask } from "node:http";
import { Readable } from "node:stream";
import { describe, it } from "node:test";
import { type App, type Handler, JSONParser, reply } from "@miqro/core";
import { type Served, serve } from "./support/serve.js";

interface Told {
  readonly status: number | "cut";
  readonly headers: Record<string, unknown>;
  readonly body: string;
}

// What only a connection has.
const ofConnections = ["connection", "keep-alive", "date", "transfer-encoding"];

function toTold(status: number, headers: Readonly<Record<string, unknown>>, body: string): Told {
  const kept = Object.entries(headers)
    .filter(([name]) => !ofConnections.includes(name))
    .map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]);
  return { status, headers: Object.fromEntries(kept.sort()), body };
}

const cut: Told = { status: "cut", headers: {}, body: "" };

function onWire(
  server: Served,
  method: string,
  headers: Record<string, string | string[]> = {},
): Promise<Told> {
  return new Promise((resolve) => {
    const req = ask({ port: server.port, method, path: "/", headers, agent: false }, async (res) => {
      let body = "";
      try {
        for await (const chunk of res.setEncoding("latin1")) body += chunk;
        resolve(toTold(res.statusCode ?? 0, res.headers, body));
      } catch {
        resolve(cut);
      }
    });
    req.on("error", () => resolve(cut));
    req.end();
  });
}

async function injected(
  server: Served,
  method: string,
  headers: Record<string, string | string[]> = {},
): Promise<Told> {
  try {
    const answer = await server.app.inject({ method, url: "/", headers });
    return toTold(answer.status, answer.headers, answer.body.toString("latin1"));
  } catch {
    return cut;
  }
}

async function fetched(server: Served, method: string): Promise<Told> {
  try {
    const answer = await server.app.fetch(new Request("http://localhost/", { method }));
    const body = Buffer.from(await answer.arrayBuffer()).toString("latin1");
    const cookies = answer.headers.getSetCookie();
    const headers = Object.fromEntries(answer.headers);
    return toTold(answer.status, cookies.length > 0 ? { ...headers, "set-cookie": cookies } : headers, body);
  } catch {
    return cut;
  }
}

/** A thenable that is no promise. */
class Later<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  // biome-ignore lint/suspicious/noThenProperty: that is what is tested
  then(done: (value: T) => void): void {
    setImmediate(done, this.#value);
  }
}

/** One that throws, or calls back more than once. */
class Odd {
  // biome-ignore lint/suspicious/noThenProperty: that is what is tested
  then(done: (value: string) => void, fail: (error: Error) => void): void {
    done("first");
    done("second");
    fail(new Error("third"));
    throw new Error("fourth");
  }
}

const answers: [name: string, handler: Handler][] = [
  ["a text", () => "é"],
  ["no body", () => null],
  ["a thenable", () => new Later({ a: 1 })],
  ["a thenable that calls back twice", () => new Odd()],
  ["a body that is a promise", () => reply(201, Promise.resolve("later"))],
  ["a body that is a thenable", () => reply(201, new Later({ a: 1 }))],
  ["a body that is a promise of nothing", () => reply(200, Promise.resolve(undefined))],
  ["a body that is a rejected promise", () => reply(201, Promise.reject(new Error("failed")))],
  ["res.send of a thenable", (_req, res) => res.send(new Later("sent"))],
  ["res.end", (_req, res) => void res.end("é")],
  ["res.end of bytes", (_req, res) => void res.end(Buffer.from([1, 255]))],
  ["res.end in another encoding", (_req, res) => void res.end("ff00", "hex")],
  ["res.end without a body", (_req, res) => void res.end()],
  ["res.writeHead and res.end", (_req, res) => void res.writeHead(201, { "X-A": "b" }).end("x")],
  [
    "res.write",
    (_req, res) => {
      res.write("a");
      res.end("b");
    },
  ],
  ["a stream", () => Readable.from(["a", "b"])],
  ["204 with a body", (_req, res) => void res.writeHead(204).end("x")],
  ["304 with a body", (_req, res) => void res.writeHead(304, { ETag: '"a"' }).end("x")],
  ["204 of a reply", () => reply(204, "x")],
  ["304 of a reply", () => reply(304, "x")],
  ["205", () => reply(205)],
  [
    "headers that are there twice",
    (_req, res) => void res.setHeader("X-A", ["1", "2"]).setHeader("Vary", ["A", "B"]).end(),
  ],
  [
    "a header in a flat list",
    (_req, res) => void res.writeHead(200, ["X-A", "1", "X-A", "2", "Set-Cookie", "a=1"]).end(),
  ],
  [
    "cookies",
    (_req, res) => {
      res.setCookie("a", "1");
      res.setCookie("b", "2");
      return "x";
    },
  ],
  ["numbers in headers", () => reply(200, "x", { "X-A": 1, Age: 0 })],
  ["a right length", (_req, res) => void res.writeHead(200, { "Content-Length": 1 }).end("x")],
  ["a length that is corrected", (_req, res) => void res.setHeader("Content-Length", 5).end("x")],
  ["a length that is wrong", (_req, res) => void res.writeHead(200, { "Content-Length": 5 }).end("x")],
  ["a stream that is too short", () => reply(200, Readable.from(["x"]), { "Content-Length": 5 })],
  ["a stream that is too long", () => reply(200, Readable.from(["xxx"]), { "Content-Length": 1 })],
  [
    "a status message",
    (_req, res) => {
      res.statusMessage = "a\nb";
      return "x";
    },
  ],
  [
    "res.destroy",
    (_req, res) => {
      res.destroy();
      return false;
    },
  ],
  [
    "req.destroy",
    (req) => {
      (req as unknown as Readable).destroy();
      return false;
    },
  ],
  [
    "the end of its socket",
    (req) => {
      (req as unknown as { socket: { destroy(): void } }).socket.destroy();
      return false;
    },
  ],
  [
    "a destroyed answer that had begun",
    (_req, res) => {
      res.write("half");
      // The wire delivers the head and the half first; without a connection there is nothing to wait for.
      setTimeout(() => res.destroy(), 10);
      return false;
    },
  ],
  [
    "calls after the answer",
    (_req, res) => {
      res.json(1);
      res.write("late");
      res.setHeader("X-Late", "1");
      res.end();
    },
  ],
  ["a web response", () => new Response("x", { headers: { Connection: "X-Hop", "X-Hop": "1", "X-A": "b" } })],
  ["an error", () => assert.fail("failed")],
];

describe("an answer without a connection", () => {
  for (const [name, handler] of answers) {
    it(`is what comes on the wire: ${name}`, async () => {
      await using server = await serve((app: App) => {
        app.use((req) => {
          req.uuid = "same";
        });
        app.all("/", handler as never);
      });
      for (const method of ["GET", "HEAD", "POST"]) {
        const wire = await onWire(server, method);
        assert.deepEqual(await injected(server, method), wire, `inject, ${method}`);
        const web = await fetched(server, method);
        // A web response of 205 cannot have a body, and one to HEAD is there with its head.
        const isKnown = wire.status !== 205 && !(wire.status === "cut" && method === "HEAD");
        if (isKnown) assert.deepEqual(web, wire, `fetch, ${method}`);
      }
    });
  }

  const heads: [name: string, headers: Record<string, string | string[]>][] = [
    ["a list", { "x-a": ["1", "2"] }],
    ["cookies", { cookie: ["a=1", "b=2"] }],
    ["a header that counts once", { "user-agent": ["a", "b"] }],
    [
      "others that count once",
      { referer: ["a", "b"], from: ["a", "b"], etag: ["a", "b"], age: ["1", "2"], server: ["a", "b"] },
    ],
    ["white space", { "x-a": "  1 \t" }],
    ["an empty value", { "x-a": "" }],
    ["two types", { "content-type": ["text/plain", "text/html"] }],
    ["two lengths", { "content-length": ["0", "0"] }],
    ["a length that is none", { "content-length": "x" }],
    ["a length and a coding", { "content-length": "0", "transfer-encoding": "chunked" }],
    ["bytes", { "x-a": "\xe9" }],
  ];
  for (const [name, headers] of heads) {
    it(`is asked for by the same head: ${name}`, async () => {
      await using server = await serve((app: App) => {
        app.all("/", JSONParser(), (req) => {
          const seen = Object.entries(req.headers).filter(
            ([key]) => key.startsWith("x-") || Object.keys(headers).includes(key),
          );
          return seen.filter(([key]) => key !== "host").sort();
        });
      });
      const wire = await onWire(server, "GET", headers);
      const answer = await injected(server, "GET", headers);
      assert.equal(answer.status, wire.status);
      if (wire.status === 200) assert.equal(answer.body, wire.body);
    });
  }

  it("says what it takes in place of a web Request", async () => {
    const used = new Request("http://a/", { method: "POST", body: "x" });
    await used.text();
    await using server = await serve(() => {});
    const cases: readonly (readonly [unknown, RegExp])[] = [
      ["http://a/", /takes a web Request, not "http:\/\/a\/"/],
      [new URL("http://a/"), /takes a web Request, not an object/],
      [undefined, /takes a web Request, not undefined/],
      [used, /The body of the Request for `fetch` was already read/],
    ];
    for (const [given, message] of cases)
      await assert.rejects(server.app.fetch(given as Request), { code: "CORE_INVALID_ARGUMENT", message });
  });

  it("takes a body that is a promise", async () => {
    await using server = await serve((app) => app.post("/", JSONParser(), (req) => req.body as never));
    const answer = await server.app.inject({ method: "POST", url: "/", body: Promise.resolve({ a: 1 }) });
    assert.deepEqual(answer.json(), { a: 1 });
  });
});
