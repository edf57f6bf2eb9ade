import assert from "node:assert/strict";
import { connect } from "node:net";
import { describe, it } from "node:test";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import {
  type AppOptions,
  BodyParser,
  JSONParser,
  type Middleware,
  ReadBuffer,
  TextParser,
  URLEncodedParser,
} from "@miqro/core";
import { request, type Served, serve } from "./support/serve.js";

function echo(parser: Middleware, options?: AppOptions): Promise<Served> {
  return serve(
    (app) => app.use(parser).post("/", (req) => ({ body: req.body, size: req.buffer.length })),
    options,
  );
}

function post(
  server: Served,
  body: string | Uint8Array<ArrayBuffer>,
  type: string,
  headers = {},
): Promise<Response> {
  return server.fetch("/", { method: "POST", body, headers: { "content-type": type, ...headers } });
}

describe("JSONParser", () => {
  it("reads JSON and +json, with any case, blanks and parameters", async () => {
    await using server = await echo(JSONParser());
    for (const type of [
      "application/json",
      "Application/JSON ; charset=UTF-8",
      "application/problem+json;\tx=y",
    ]) {
      assert.deepEqual(await (await post(server, '\uFEFF{"a":1}', type)).json(), {
        body: { a: 1 },
        size: 10,
      });
    }
  });

  it("leaves foreign types alone", async () => {
    await using server = await echo(JSONParser());
    for (const type of [
      "text/plain",
      "application/jsonp",
      "application/json,text/plain",
      "json",
      "application/x json",
    ]) {
      assert.deepEqual(await (await post(server, '{"a":1}', type)).json(), { size: 0 }, type);
    }
  });

  it("answers 400 to broken JSON and broken UTF-8, and 415 to an unknown charset or encoding", async () => {
    await using server = await echo(JSONParser());
    assert.equal((await post(server, "{", "application/json")).status, 400);
    assert.equal((await post(server, new Uint8Array([0x22, 0xff, 0x22]), "application/json")).status, 400);
    assert.equal((await post(server, "{}", "application/json; charset=utf-7")).status, 415);
    for (const encoding of ["compress", "gzip, gzip", "constructor"]) {
      const answer = await post(server, "{}", "application/json", { "content-encoding": encoding });
      assert.equal(answer.status, 415);
      assert.equal(answer.headers.get("accept-encoding"), "gzip, deflate, br");
    }
  });

  it("answers 413 over the limit, announced or not, and closes", async () => {
    await using server = await echo(JSONParser({ limit: "10b" }));
    const type = "Content-Type: application/json";
    const announced = `POST / HTTP/1.1\r\nHost: a\r\n${type}\r\nContent-Length: 11\r\n\r\n`;
    const chunked = `POST / HTTP/1.1\r\nHost: a\r\n${type}\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n"123456789"\r\n`;
    for (const bytes of [announced, chunked]) {
      const answer = await server.raw(bytes);
      assert.match(answer, /^HTTP\/1.1 413 /);
      assert.match(answer, /\r\nConnection: close\r\n/);
    }
    assert.equal((await post(server, '"12345678"', "application/json")).status, 200);
  });

  it("lets a client that is still sending read the 413", async () => {
    await using server = await echo(JSONParser({ limit: 10 }));
    const size = 20_000_000;
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(server.port, "127.0.0.1");
      let received = "";
      socket.setEncoding("latin1").on("data", (chunk) => {
        received += chunk;
      });
      socket.on("error", reject).on("close", () => resolve(received));
      socket.write(
        `POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${size}\r\n\r\n`,
      );
      socket.end(Buffer.alloc(size, 32));
    });
    assert.match(answer, /^HTTP\/1.1 413 /);
  });

  it("decodes gzip, deflate and br, with the limit on what comes out", async () => {
    const encoders = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync };
    const cases = Object.entries(encoders).map(([encoding, encode]) => {
      const send = (server: Served, bytes: Uint8Array) =>
        post(server, new Uint8Array(bytes), "application/json", { "content-encoding": encoding });
      return {
        send,
        object: encode('{"a":1}'),
        fits: encode(JSON.stringify("x".repeat(998))),
        tooLong: encode(JSON.stringify("x".repeat(999))),
        bomb: encode(" ".repeat(50_000_000)),
      };
    });
    // The bomb takes seconds on a busy machine. Had the server begun before, it would by then close idle connections.
    await using server = await echo(JSONParser({ limit: 1000 }));
    for (const { send, object, fits, tooLong, bomb } of cases) {
      assert.deepEqual(await (await send(server, object)).json(), { body: { a: 1 }, size: 7 });
      assert.equal((await send(server, fits)).status, 200);
      assert.equal((await send(server, tooLong)).status, 413);
      assert.equal((await send(server, bomb)).status, 413);
    }
  });

  it("answers 400 to what is not encoded as it says, or ends early, and bounds what decodes to nothing", async () => {
    await using server = await echo(JSONParser({ limit: 1000 }));
    const headers = { "content-encoding": "gzip" };
    assert.equal((await post(server, "{}", "application/json", headers)).status, 400);
    const cut = new Uint8Array(gzipSync(JSON.stringify("x".repeat(500))).subarray(0, 20));
    assert.equal((await post(server, cut, "application/json", headers)).status, 400);
    // Empty stored blocks of deflate: five bytes each, and nothing comes out.
    const nothing = new Uint8Array(100_000 * 5);
    for (let index = 0; index < nothing.length; index += 5) nothing.set([0, 0, 0, 0xff, 0xff], index);
    const bomb = new Uint8Array([...gzipSync("").subarray(0, 10), ...nothing]);
    assert.equal((await post(server, bomb, "application/json", headers)).status, 413);
  });

  it("answers 400 to what is nested too deep, and takes numbers and duplicates as JSON does", async () => {
    await using server = await echo(JSONParser());
    for (const [open, close] of [
      ["[", "]"],
      ['{"a":', "}"],
    ] as const) {
      const deep = (depth: number) => `${open.repeat(depth)}1${close.repeat(depth)}`;
      assert.equal((await post(server, deep(512), "application/json")).status, 200);
      assert.equal((await post(server, deep(513), "application/json")).status, 400);
      assert.equal((await post(server, open.repeat(100_000), "application/json")).status, 400);
    }
    const brackets = JSON.stringify(`\\"${"[".repeat(2000)}`);
    assert.equal((await post(server, brackets, "application/json")).status, 200);
    const odd = await (
      await post(server, '{"a":1,"a":2,"n":123456789012345678901234567890}', "application/json")
    ).json();
    assert.deepEqual(odd, { body: { a: 2, n: 123456789012345680000000000000 }, size: 48 });
  });

  it("accepts only objects and lists when it is strict", async () => {
    await using server = await echo(JSONParser({ strict: true }));
    for (const text of ["1", '"a"', "null", "true"]) {
      assert.equal((await post(server, text, "application/json")).status, 400);
    }
    assert.equal((await post(server, "[]", "application/json")).status, 200);
  });

  it("takes the limit of the app without one of its own", async () => {
    await using server = await echo(JSONParser(), { bodyLimit: 4 });
    assert.equal((await post(server, "12345", "application/json")).status, 413);
  });

  it("drops keys that would reach a prototype, however they are spelt", async () => {
    await using server = await echo(JSONParser());
    const hostile =
      '{"a":{"__proto__":{"x":1},"\\u005f_proto__":{"x":1}},"constructor":{"prototype":{"x":1}},"b":[{"__proto__":1}]}';
    const { body } = (await (await post(server, hostile, "application/json")).json()) as { body: unknown };
    assert.deepEqual(body, { a: {}, b: [{}] });
    const kept = '{"constructor":"x","c":{"constructor":{}}}';
    const second = (await (await post(server, kept, "application/json")).json()) as { body: unknown };
    assert.deepEqual(second.body, JSON.parse(kept));
  });

  it("is done once, when there are two", async () => {
    await using server = await serve((app) =>
      app.use([ReadBuffer(), JSONParser(), JSONParser()]).post("/", (req) => req.body),
    );
    assert.deepEqual(await (await post(server, "[1]", "application/json")).json(), [1]);
  });

  it("answers 408 to a body that stalls", async () => {
    await using server = await echo(JSONParser(), { stallTimeout: 100 });
    const answer = await server.raw(
      `${request("POST /", "Content-Type: application/json", "Content-Length: 5")}{`,
    );
    assert.match(answer, /^HTTP\/1.1 408 /);
  });

  it("keeps to the limit of each parser", async () => {
    await using server = await serve((app) =>
      app.post("/", ReadBuffer(), JSONParser({ limit: 10 }), (req) => req.body),
    );
    assert.equal((await post(server, "[1]", "application/json")).status, 200);
    assert.equal((await post(server, JSON.stringify("x".repeat(20)), "application/json")).status, 413);
  });

  it("ends at once when the client has gone before it began, or the stream was read", async () => {
    const types = ["application/json", "multipart/form-data; boundary=b"];
    for (const type of types) {
      let enter = (): void => {};
      const entered = new Promise<void>((resolve) => {
        enter = resolve;
      });
      let tell = (_error: unknown): void => {};
      const told = new Promise((resolve) => {
        tell = resolve;
      });
      await using server = await serve((app) => {
        app.post("/gone", async (req, res) => {
          const gone = new Promise((resolve) => req.signal.addEventListener("abort", resolve));
          enter();
          await gone;
          await Promise.resolve(BodyParser()(req, res)).then(tell, tell);
        });
        app.post("/read", async (req, res) => {
          for await (const _chunk of req);
          await BodyParser()(req, res);
          return "never";
        });
      });
      const socket = connect(server.port, "127.0.0.1");
      socket.write(`${request("POST /gone", `Content-Type: ${type}`, "Content-Length: 100")}{`);
      await entered;
      socket.resetAndDestroy();
      assert.match(String(await told), /The body ended before it was complete/, type);
      const read = await server.fetch("/read", {
        method: "POST",
        body: "{}",
        headers: { "content-type": type },
      });
      assert.equal(read.status, 500);
      assert.match(server.lines[0]?.out ?? "", /something else has read the stream/);
      assert.equal(server.lines.length, 1);
    }
  });

  it("outlives a client that goes away half way", async () => {
    await using server = await echo(JSONParser());
    await new Promise<void>((resolve) => {
      const socket = connect(server.port, "127.0.0.1", () => {
        const head = request("POST /", "Content-Type: application/json", "Content-Length: 5");
        socket.write(`${head}{`, () => socket.resetAndDestroy());
      });
      socket.on("close", () => resolve());
    });
    assert.equal((await post(server, "{}", "application/json")).status, 200);
  });
});

describe("URLEncodedParser", () => {
  it("reads forms, and bounds their fields", async () => {
    await using server = await echo(URLEncodedParser());
    const type = "application/x-www-form-urlencoded";
    const answer = (await (await post(server, "a=1&b=+x&a=%C3%A9&__proto__=1", type)).json()) as {
      body: unknown;
    };
    assert.deepEqual(answer.body, { a: ["1", "é"], b: " x" });
    assert.equal((await post(server, "a&".repeat(1001), type)).status, 413);
  });
});

describe("TextParser", () => {
  it("reads text in its charset", async () => {
    await using server = await echo(TextParser());
    const latin = await post(server, new Uint8Array([0xe9]), 'text/plain; charset="ISO-8859-1"');
    assert.deepEqual(await latin.json(), { body: "é", size: 1 });
    // A quoted value may contain what would otherwise begin another parameter.
    for (const [type, status] of [
      ['text/plain; title="a;charset=utf-16"', 200],
      ['text/plain; title="a\\";charset=utf-16"', 200],
      ['text/plain; title=";"; charset=utf-16', 415],
      ['text/plain; charset="utf-\\8"', 200],
      ["text/plain; charset = utf-8 ; x", 200],
      ["text/plain;charset=;x=1", 415],
    ] as const) {
      assert.equal((await post(server, "a", type)).status, status, type);
    }
  });
});

describe("ReadBuffer", () => {
  it("reads any type and parses nothing", async () => {
    await using server = await echo(ReadBuffer({ limit: 3 }));
    assert.deepEqual(await (await post(server, "abc", "x/y")).json(), { size: 3 });
    assert.equal((await post(server, "abcd", "x/y")).status, 413);
  });
});

describe("BodyParser", () => {
  it("chooses by the content type, and leaves what it does not know", async () => {
    await using server = await echo(BodyParser());
    const body = async (text: string, type: string) =>
      ((await (await post(server, text, type)).json()) as { body?: unknown }).body;
    assert.deepEqual(await body("[1]", "application/json"), [1]);
    assert.deepEqual(await body("a=1", "application/x-www-form-urlencoded"), { a: "1" });
    assert.equal(await body("x", "text/markdown"), "x");
    const form = '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n';
    assert.deepEqual(await body(form, "multipart/form-data; boundary=b"), { a: "1" });
    assert.equal(await body("x", "a/b"), undefined);
  });

  it("is enough for a route that declares its body", async () => {
    await using server = await serve((app) =>
      app.route({
        method: "POST",
        path: "/",
        middleware: BodyParser(),
        request: { body: { a: "string" } },
        handler: (req) => req.body,
      }),
    );
    const answer = await post(server, "a=1", "application/x-www-form-urlencoded");
    assert.deepEqual(await answer.json(), { a: "1" });
    assert.equal((await post(server, "x", "a/b")).status, 415);
    assert.equal((await server.fetch("/", { method: "POST" })).status, 400);
  });
});

describe("an empty body", () => {
  it("is no body, in each form in which it can come", async () => {
    const types = [
      "application/json",
      "application/x-www-form-urlencoded",
      "text/plain",
      "multipart/form-data; boundary=x",
    ];
    const heads = [
      "Content-Length: 0",
      "Transfer-Encoding: chunked",
      "Content-Length: 0\r\nContent-Encoding: gzip",
      "Transfer-Encoding: chunked\r\nContent-Encoding: gzip",
      "Transfer-Encoding: chunked\r\nContent-Encoding: br",
    ];
    await using server = await echo(BodyParser());
    for (const type of types) {
      for (const head of heads) {
        // A form with files is read without a Content-Encoding only.
        if (type.startsWith("multipart") && head.includes("chunked\r\nContent-Encoding")) continue;
        const end = head.includes("chunked") ? "0\r\n\r\n" : "";
        const answer = await server.raw(request("POST /", `Content-Type: ${type}`, head) + end);
        assert.match(answer, /^HTTP\/1\.1 200 [\s\S]*\{"size":0\}$/, `${type}, ${head}`);
      }
      const init = { method: "POST", body: "", headers: { "content-type": type } };
      const virtual = await server.app.fetch(new Request("http://localhost/", init));
      assert.deepEqual(await virtual.json(), { size: 0 }, type);
    }
    const cut = "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n";
    const answer = await server.raw(`${cut}Connection: close\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08`);
    assert.match(answer, /^HTTP\/1\.1 400 /);
  });
});
