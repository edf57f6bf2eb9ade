import assert from "node:assert/strict";
import { connect } from "node:net";
import { describe, it } from "node:test";
import {
  type AppOptions,
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
    assert.equal((await post(server, "{}", "application/json", { "content-encoding": "gzip" })).status, 415);
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
  });
});

describe("ReadBuffer", () => {
  it("reads any type and parses nothing", async () => {
    await using server = await echo(ReadBuffer({ limit: 3 }));
    assert.deepEqual(await (await post(server, "abc", "x/y")).json(), { size: 3 });
    assert.equal((await post(server, "abcd", "x/y")).status, 413);
  });
});
