import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { App, JSONParser } from "@miqro/core";
import {
  type BodyOptions,
  buffer,
  HttpError,
  json,
  type RequestHandler,
  serve,
  text,
} from "@miqro/core/micro";
import { askerOf, catchErrors, listen, ways } from "../support/micro.js";

const post = (body: string | Uint8Array<ArrayBuffer>, type?: string): RequestInit => ({
  method: "POST",
  body,
  headers: type === undefined ? {} : { "content-type": type },
});

for (const [way, start] of Object.entries(ways)) {
  describe(`the body of a request to a function served ${way}`, () => {
    it("is read as bytes, as a string and as JSON, and again", async (t) => {
      const source = '{"price":9.99,"sign":"❤️"}';
      const ask = await start(t, async (req) => {
        const [first, second] = await Promise.all([json(req), text(req)]);
        const bytes = await buffer(req);
        assert.ok(Buffer.isBuffer(bytes));
        assert.deepEqual([first, second], [await json(req), await text(req)]);
        return { first, second, bytes: bytes.toString(), same: bytes === (await buffer(req)) };
      });
      for (const type of [undefined, "application/json", "application/json; charset=utf-8", "text/plain"]) {
        const { status, body } = await ask("/", post(source, type));
        assert.equal(status, 200, body);
        assert.deepEqual(JSON.parse(body), {
          first: JSON.parse(source),
          second: source,
          bytes: source,
          same: true,
        });
      }
    });

    it("is not decoded where it was sent compressed", async (t) => {
      const ask = await start(t, (req) => buffer(req));
      const sent = gzipSync("hello");
      const answer = await ask("/", { method: "POST", body: sent, headers: { "content-encoding": "gzip" } });
      assert.equal(answer.body.codePointAt(0), sent[0]);
    });

    it("is read up to the limit, in bytes or with a unit, which the error names", async (t) => {
      const lines = catchErrors(t);
      const limits: [BodyOptions["limit"], fits: number, tooMuch: number, name: string][] = [
        [3, 3, 4, "3"],
        [0, 0, 1, "0"],
        ["1kb", 1024, 1025, "1kb"],
        ["10b", 10, 11, "10b"],
        [undefined, 1024 ** 2, 1024 ** 2 + 1, "1mb"],
      ];
      for (const [limit, fits, tooMuch, name] of limits) {
        for (const read of [buffer, text]) {
          const ask = await start(t, async (req) => `${(await read(req, { limit })).length}`);
          assert.equal((await ask("/", post("x".repeat(fits)))).body, `${fits}`);
          const { status, body } = await ask("/", post("x".repeat(tooMuch)));
          assert.deepEqual([status, body], [413, `Body exceeded ${name} limit`]);
        }
      }
      assert.match(lines[0] ?? "", /Body exceeded 3 limit/);
    });

    it("is counted where its length is not told", async (t) => {
      catchErrors(t);
      const ask = await start(t, (req) => text(req, { limit: 10 }));
      const chunked = (chunk: string): RequestInit =>
        ({
          method: "POST",
          duplex: "half",
          body: new ReadableStream({
            start(controller) {
              for (const part of [chunk, chunk, chunk]) controller.enqueue(new TextEncoder().encode(part));
              controller.close();
            },
          }),
        }) as RequestInit;
      assert.equal((await ask("/", chunked("abc"))).body, "abcabcabc");
      assert.equal((await ask("/", chunked("abcd"))).status, 413);
    });

    it("can be answered by the function when it is too large", async (t) => {
      const ask = await start(t, async (req) => {
        try {
          return await json(req, { limit: 3 });
        } catch (error) {
          assert.ok(error instanceof HttpError);
          return { statusCode: error.statusCode, message: error.message };
        }
      });
      const { status, body } = await ask("/", post('{"some":"json"}'));
      assert.deepEqual(
        [status, JSON.parse(body)],
        [200, { statusCode: 413, message: "Body exceeded 3 limit" }],
      );
    });

    it("keeps what was read first, whatever a later limit is", async (t) => {
      const ask = await start(t, async (req) => [await text(req), await text(req, { limit: 1 })]);
      assert.deepEqual(JSON.parse((await ask("/", post("abc"))).body), ["abc", "abc"]);
    });

    it("answers 400 for what is no JSON, an empty body too", async (t) => {
      const causes: unknown[] = [];
      catchErrors(t);
      const ask = await start(t, async (req) => {
        try {
          return await json(req);
        } catch (error) {
          causes.push((error as HttpError).originalError);
          throw error;
        }
      });
      for (const body of ['{ "bad json" }', "", "undefined", "[1,]"]) {
        const answer = await ask("/", post(body, "application/json"));
        assert.deepEqual([answer.status, answer.body], [400, "Invalid JSON"]);
      }
      assert.deepEqual((await ask()).body, "Invalid JSON");
      assert.equal(causes.length, 5);
      assert.ok(causes.every((cause) => cause instanceof SyntaxError));
    });

    it("has no keys that change a prototype", async (t) => {
      const ask = await start(t, async (req) => {
        const value = await json<Record<string, unknown>>(req);
        return { keys: Object.keys(value), polluted: Object.assign({}, value).polluted ?? null };
      });
      const { body } = await ask("/", post('{"__proto__":{"polluted":true},"a":1}'));
      assert.deepEqual(JSON.parse(body), { keys: ["a"], polluted: null });
    });

    it("is decoded by the charset of the request, or by the encoding that is asked for", async (t) => {
      const bytes = (...codes: number[]) => new Uint8Array(codes);
      const decoded: [
        body: Uint8Array<ArrayBuffer>,
        type: string | undefined,
        encoding: string | undefined,
        text: string,
      ][] = [
        [bytes(0xc3, 0xa9), undefined, undefined, "é"],
        [bytes(0xef, 0xbb, 0xbf, 0x61), undefined, undefined, "a"],
        [bytes(0xe9), "text/plain; charset=iso-8859-1", undefined, "é"],
        [bytes(0xe9), "text/plain; charset=latin1", undefined, "é"],
        [bytes(0xe0), "text/plain; charset=windows-1251", undefined, "а"],
        [bytes(0x61, 0), 'text/plain; charset="utf-16le"', undefined, "a"],
        [bytes(0x82, 0xa0), "text/plain; charset=Shift_JIS", undefined, "あ"],
        [bytes(0xe9), "text/plain; charset=utf-8", "latin1", "é"],
        [bytes(0xab, 0xcd), undefined, "hex", "abcd"],
        [bytes(0x61, 0x62), undefined, "base64", "YWI="],
        [bytes(0xff), undefined, undefined, "\ufffd"],
      ];
      for (const [body, type, encoding, expected] of decoded) {
        const ask = await start(t, async (req) => ({ text: await text(req, { encoding }) }));
        assert.deepEqual(JSON.parse((await ask("/", post(body, type))).body), { text: expected });
      }
    });

    it("answers 400 for an encoding that is not known, and a Content-Type that cannot be read", async (t) => {
      catchErrors(t);
      for (const read of [buffer, text, json]) {
        const byOption = await start(t, (req) => read(req, { encoding: "lol" }));
        const byHeader = await start(t, (req) => read(req));
        for (const answer of [
          await byOption("/", post("❤️")),
          await byHeader("/", post("❤️", "text/plain; charset=lol")),
          await byHeader("/", post("❤️", "nonsense")),
          await byHeader("/", post("❤️", "; charset=utf-8")),
        ]) {
          assert.deepEqual([answer.status, answer.body], [400, "Invalid body"]);
        }
      }
    });

    it("answers 500 and says why where the limit is no size, or the stream was read before", async (t) => {
      const lines = catchErrors(t);
      const wrong = await start(t, (req) => buffer(req, { limit: "much" }));
      assert.equal((await wrong("/", post("a"))).status, 500);
      const late = await start(t, async (req) => {
        req.resume();
        await once(req, "end");
        return text(req);
      });
      assert.equal((await late("/", post("a"))).status, 500);
      assert.match(
        lines.join("\n"),
        /The limit of a body must be a number of bytes[\s\S]*something else has read the stream/,
      );
    });
  });
}

describe("buffer", () => {
  it("rejects with 400 when the client goes away within the body", async (t) => {
    const server = createServer();
    const failed = new Promise<unknown>((resolve, reject) => {
      const fn: RequestHandler = (req) =>
        void buffer(req).then(() => reject(new Error("It was read.")), resolve);
      server.on("request", serve(fn));
    });
    await listen(t, server);
    const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
    client.write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc");
    await once(server, "request");
    client.destroy();
    const error = (await failed) as HttpError;
    assert.deepEqual([error.statusCode, error.message], [400, "Invalid body"]);
  });

  it("gives what a parser of an app has read", async (t) => {
    const app = new App();
    app.use(JSONParser());
    app.use(serve((req) => text(req)));
    const { port } = (await app.listen({ port: 0, host: "127.0.0.1" })) as AddressInfo;
    t.after(() => app.close({ drainIdle: 0, timeout: 100 }));
    assert.equal((await askerOf(port)("/", post('{"a":1}', "application/json"))).body, '{"a":1}');
  });
});
