import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { PassThrough, Readable, Stream } from "node:stream";
import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { type RequestHandler, run, send } from "@miqro/core/micro";
import { type Answer, catchErrors, ways } from "../support/micro.js";

const binary = "application/octet-stream";
const json = "application/json; charset=utf-8";

interface Case {
  readonly value: () => unknown;
  readonly status?: number;
  readonly type?: string | null;
  readonly body: string;
  readonly isStream?: boolean;
}

const cases: Readonly<Record<string, Case>> = {
  "a string": { value: () => "woot", type: null, body: "woot" },
  "a string that is not ASCII": { value: () => "❤️ ñ", type: null, body: "❤️ ñ" },
  "a string of latin1": { value: () => "é", type: null, body: "é" },
  "an empty string": { value: () => "", type: null, body: "" },
  "an object": { value: () => ({ a: "b" }), type: json, body: '{"a":"b"}' },
  "an array": { value: () => [1, "é"], type: json, body: '[1,"é"]' },
  "a date": { value: () => new Date(0), type: json, body: '"1970-01-01T00:00:00.000Z"' },
  "a number": { value: () => 4, type: json, body: "4" },
  zero: { value: () => 0, type: json, body: "0" },
  true: { value: () => true, type: json, body: "true" },
  false: { value: () => false, type: json, body: "false" },
  "a buffer": { value: () => Buffer.from("muscle"), type: binary, body: "muscle" },
  "an empty buffer": { value: () => Buffer.alloc(0), type: binary, body: "" },
  "a typed array": { value: () => new Uint8Array([65, 66]), type: binary, body: "AB" },
  "an array buffer": { value: () => new Uint8Array([67]).buffer, type: binary, body: "C" },
  "a readable stream": {
    value: () => Readable.from(["Ri", "ver"]),
    type: binary,
    body: "River",
    isStream: true,
  },
  "a stream of objects": {
    value: () => Readable.from([{ a: 1 }, "text", Buffer.from("AB"), new Uint8Array([67]).buffer]),
    type: binary,
    body: '{"a":1}textABC',
    isStream: true,
  },
  "a transform": {
    value: () => {
      const stream = new PassThrough();
      stream.end("River");
      return stream;
    },
    type: binary,
    body: "River",
    isStream: true,
  },
  "a stream of the first kind": {
    value: () => {
      const stream = new Stream();
      setImmediate(() => {
        stream.emit("data", "old");
        stream.emit("end");
      });
      return stream;
    },
    type: binary,
    body: "old",
    isStream: true,
  },
};

function check({ status = 200, type, body, isStream }: Case, answer: Answer): void {
  assert.equal(answer.status, status);
  assert.equal(answer.body, body);
  assert.equal(answer.headers.get("content-type"), type ?? null);
  if (isStream === true) assert.equal(answer.headers.get("transfer-encoding"), "chunked");
  else assert.equal(answer.headers.get("content-length"), String(Buffer.byteLength(body)));
}

for (const [way, start] of Object.entries(ways)) {
  describe(`a function served ${way}`, () => {
    for (const [name, one] of Object.entries(cases)) {
      it(`sends ${name}: returned, by a promise, and by send`, async (t) => {
        check(one, await (await start(t, () => one.value()))());
        check(one, await (await start(t, async () => one.value()))());
        check(one, await (await start(t, (_req, res) => send(res, 200, one.value())))());
      });

      it(`keeps the status and the Content-Type that are set for ${name}`, async (t) => {
        const ask = await start(t, (_req, res) => {
          res.statusCode = 402;
          res.setHeader("content-type", "text/html");
          return one.value();
        });
        check({ ...one, status: 402, type: "text/html" }, await ask());
        const sent = await start(t, (_req, res) => {
          res.setHeader("Content-Type", "text/html");
          send(res, 201, one.value());
        });
        check({ ...one, status: 201, type: "text/html" }, await sent());
      });
    }

    it("answers 204 for null, and a bare status for send without data", async (t) => {
      for (const fn of [() => null, async () => null] as RequestHandler[]) {
        const answer = await (await start(t, fn))();
        assert.deepEqual([answer.status, answer.body], [204, ""]);
      }
      for (const args of [[404], [404, null], [404, undefined]] as [number, unknown?][]) {
        const ask = await start(t, (_req, res) => send(res, ...args));
        const answer = await ask();
        assert.deepEqual([answer.status, answer.body, answer.headers.get("content-type")], [404, "", null]);
      }
    });

    it("has no content and no length for 204 and 205, and ends with no status below 200", async (t) => {
      catchErrors(t);
      for (const value of ["x", { a: 1 }, Buffer.from("x"), Readable.from(["x"])]) {
        for (const [status, length] of [
          [204, null],
          [205, "0"],
        ] as const) {
          const answer = await (await start(t, (_req, res) => send(res, status, value)))();
          assert.deepEqual(
            [answer.status, answer.body, answer.headers.get("content-length")],
            [status, "", length],
          );
        }
      }
      for (const status of [100, 101, 103]) {
        const answer = await (await start(t, (_req, res) => send(res, status, "x")))();
        assert.deepEqual([answer.status, answer.body], [500, "Internal Server Error"]);
      }
    });

    it("has one way to read the end of a body, whatever headers a function sets", async (t) => {
      for (const value of ["body", Buffer.from("body")]) {
        for (const [name, text] of [
          ["Transfer-Encoding", "chunked"],
          ["Trailer", "X-Sum"],
        ] as const) {
          const answer = await (
            await start(t, (_req, res) => {
              res.setHeader(name, text);
              res.setHeader("Content-Length", 99);
              return value;
            })
          )();
          assert.deepEqual([answer.status, answer.body], [200, "body"], name);
          const isChunked = answer.headers.get("transfer-encoding") === "chunked";
          assert.equal(answer.headers.get("content-length"), isChunked ? null : "4", name);
          assert.equal(answer.headers.get("trailer"), null, name);
        }
      }
    });

    it("answers 500 for a stream of objects without JSON, and cuts it later", async (t) => {
      catchErrors(t);
      assert.equal((await (await start(t, () => Readable.from([() => {}])))()).status, 500);
      const ask = await start(t, () => Readable.from([{ a: 1 }, () => {}]));
      await assert.rejects(ask());
    });

    it("answers 500 for a stream that was read before", async (t) => {
      catchErrors(t);
      const ask = await start(t, async () => {
        const stream = Readable.from(["a"]);
        for await (const _part of stream);
        return stream;
      });
      assert.deepEqual((await ask()).status, 500);
    });

    it("takes a status that is no status for 200", async (t) => {
      const ask = await start(t, (_req, res) => {
        res.statusCode = undefined as never;
        return "woot";
      });
      assert.equal((await ask()).status, 200);
    });

    it("sends nothing for undefined, so that the function can answer later", async (t) => {
      const ask = await start(t, (_req, res) => {
        setImmediate(() => res.end("later"));
      });
      assert.deepEqual(await ask().then(({ status, body }) => [status, body]), [200, "later"]);
    });

    it("adds no header of its own to what a function ends itself", async (t) => {
      const ask = await start(t, (_req, res) => void res.end("<h1>type left to the client</h1>"));
      const names = [...(await ask()).headers.keys()].sort();
      assert.deepEqual(names, ["connection", "content-length", "date", "keep-alive"]);
    });

    it("takes every method and path", async (t) => {
      const ask = await start(t, (req) => `${req.method} ${req.url}`);
      for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
        const { status, body } = await ask("/any/path/?a=b", { method });
        assert.deepEqual([status, body], [200, `${method} /any/path/?a=b`]);
      }
      const head = await ask("/", { method: "HEAD" });
      assert.deepEqual([head.status, head.body, head.headers.get("content-length")], [200, "", "6"]);
    });

    it("answers 500 for what has no JSON, before anything is sent", async (t) => {
      catchErrors(t);
      const circular: Record<string, unknown> = {};
      circular.self = circular;
      for (const value of [circular, 1n, { big: 1n }, () => 1, Symbol("s"), new Map()]) {
        for (const fn of [() => value, (_req, res) => send(res, 200, value)] as RequestHandler[]) {
          const answer = await (await start(t, fn))();
          assert.deepEqual([answer.status, answer.body], [500, "Internal Server Error"]);
        }
      }
    });

    it("answers 500 for a stream that fails before its first byte, and cuts one that fails later", async (t) => {
      const lines = catchErrors(t);
      const missing = await start(t, () => createReadStream("/no/such/file"));
      const answer = await missing();
      assert.deepEqual([answer.status, answer.body], [500, "Internal Server Error"]);
      assert.equal(answer.headers.get("content-type"), "text/plain; charset=utf-8");
      assert.match(lines.join("\n"), /ENOENT/);
      const broken = await start(t, () =>
        Readable.from(
          (async function* () {
            yield "half";
            await turn();
            throw new Error("the rest is lost");
          })(),
        ),
      );
      await assert.rejects(broken());
      assert.match(lines.join("\n"), /the rest is lost/);
      const closed = await start(t, () => new PassThrough().destroy());
      assert.equal((await closed()).status, 500);
    });

    it("answers 500 for a stream whose error is emitted in the same tick, before and after it is sent", async (t) => {
      catchErrors(t);
      const early: RequestHandler = (_req, res) => {
        const stream = new PassThrough();
        stream.push("error-stream");
        stream.emit("error", new Error("on purpose"));
        send(res, 200, stream);
      };
      const late: RequestHandler = (_req, res) => {
        const stream = new PassThrough();
        send(res, 200, stream);
        stream.emit("error", new Error("on purpose"));
      };
      for (const fn of [early, late]) assert.equal((await (await start(t, fn))()).status, 500);
    });

    it("lets a function answer the error of its stream, whenever it listens for it", async (t) => {
      const lines = catchErrors(t);
      for (const isFirst of [true, false]) {
        const ask = await start(t, (_req, res) => {
          const stream = createReadStream("/no/such/file");
          const answer = () => {
            res.statusCode = 404;
            res.end("not here");
          };
          if (isFirst) stream.on("error", answer);
          send(res, 200, stream);
          if (!isFirst) stream.on("error", answer);
        });
        const { status, body } = await ask();
        assert.deepEqual([status, body], [404, "not here"]);
      }
      assert.deepEqual(lines, []);
    });

    it("closes a stream when the client goes away, and when something else is answered", async (t) => {
      catchErrors(t);
      const endless = new Readable({
        read() {
          setImmediate(() => this.push("x"));
        },
      });
      const isClosed = new Promise((resolve) => endless.once("close", resolve));
      const ask = await start(t, () => endless);
      await ask.cut();
      await isClosed;

      const unsent = new PassThrough();
      const refused = await start(t, (_req, res) => {
        send(res, 200, unsent);
        throw new Error("on second thought");
      });
      assert.equal((await refused()).status, 500);
      assert.equal(unsent.destroyed, true);
    });
  });
}

describe("run", () => {
  it("ends a response once for null, whatever else the response can do", async () => {
    let count = 0;
    await run({} as IncomingMessage, { end: () => count++ } as unknown as ServerResponse, () => null);
    assert.equal(count, 1);
    const req = new IncomingMessage(new Socket());
    const res = new ServerResponse(req);
    const end = res.end.bind(res);
    let ended = 0;
    res.end = ((...args: []) => {
      ended++;
      return end(...args);
    }) as never;
    await run(req, res, async () => null);
    assert.equal(ended, 1);
  });

  it("resolves when a promise of the function has been answered, and never rejects", async (t) => {
    catchErrors(t);
    for (const fn of [
      () => "a",
      async () => "a",
      () => Promise.reject(new Error("no")),
    ] as RequestHandler[]) {
      const req = new IncomingMessage(new Socket());
      const res = new ServerResponse(req);
      assert.equal(await run(req, res, fn), undefined);
      assert.equal(res.writableEnded, true);
    }
  });
});
