import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { once } from "node:events";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import {
  type App,
  type AppOptions,
  defineRoute,
  type Handler,
  JSONParser,
  type Middleware,
  MultipartParser,
  ReadBuffer,
  reply,
  TextParser,
  URLEncodedParser,
} from "@miqro/core";
import { type Served, serve } from "./support/serve.js";

const storage = new AsyncLocalStorage<string>();
const read = (): string => storage.getStore() ?? "lost";

/** An app whose first middleware enters the store that the client names. */
function serveWithStore(set: (app: App) => void, options: AppOptions = {}): Promise<Served> {
  return serve((app) => {
    app.use((req) => storage.enterWith(String(req.headers["x-store"])));
    set(app);
  }, options);
}

const readLater = async (): Promise<string> => {
  await turn();
  return read();
};

/** A thenable that is no promise, and calls back in another context. */
class Elsewhere<T> {
  readonly #find: () => T;

  constructor(find: () => T) {
    this.#find = find;
  }

  // biome-ignore lint/suspicious/noThenProperty: that is what is tested
  then(done: (value: T) => void): void {
    storage.run("elsewhere", () => setImmediate(() => done(this.#find())));
  }
}

interface Sent {
  readonly type?: string;
  readonly body?: string;
  readonly headers?: readonly string[];
}

/** Sends a POST in as many parts as asked, each when the server has read the one before; gives the body of the answer. */
async function post(port: number, store: string, sent: Sent, parts: number): Promise<string> {
  const { type = "application/json", body = '{"a":1}', headers = [] } = sent;
  const head = [
    "POST / HTTP/1.1",
    "Host: a",
    "Connection: close",
    `X-Store: ${store}`,
    `Content-Type: ${type}`,
    `Content-Length: ${Buffer.byteLength(body, "latin1")}`,
    ...headers,
  ].join("\r\n");
  const bytes = Buffer.from(`${head}\r\n\r\n${body}`, "latin1");
  const socket = connect(port, "127.0.0.1").setNoDelay(true).setEncoding("latin1");
  await once(socket, "connect");
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk;
  });
  const closed = once(socket, "close");
  if (parts === 1) {
    socket.write(bytes);
  } else {
    const size = Math.ceil(body.length / (parts - 1));
    const start = bytes.length - body.length;
    socket.write(bytes.subarray(0, start));
    for (let at = start; at < bytes.length; at += size) {
      // Both ends are of this process: a few turns of its loop bring a part over.
      for (let count = 0; count < 5; count++) await turn();
      socket.write(bytes.subarray(at, at + size));
    }
  }
  await closed;
  return answer.slice(answer.indexOf("\r\n\r\n") + 4);
}

const form = '--b\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\nhello\r\n--b--\r\n';

const readers: [name: string, parser: () => Middleware | undefined, sent: Sent][] = [
  ["JSONParser", () => JSONParser(), {}],
  ["TextParser", () => TextParser(), { type: "text/plain", body: "some text" }],
  [
    "URLEncodedParser",
    () => URLEncodedParser(),
    { type: "application/x-www-form-urlencoded", body: "a=1&b=2" },
  ],
  ["ReadBuffer", () => ReadBuffer(), { type: "a/b", body: "bytes" }],
  ["MultipartParser", () => MultipartParser(), { type: "multipart/form-data; boundary=b", body: form }],
  [
    "a compressed body",
    () => JSONParser(),
    { body: gzipSync('{"a":1}').toString("latin1"), headers: ["Content-Encoding: gzip"] },
  ],
  [
    "the stream of the request",
    () => async (req) => {
      for await (const _ of req as unknown as Readable);
    },
    {},
  ],
  ["a parser behind a guard that waits", () => undefined, {}],
  ["an Expect", () => JSONParser(), { headers: ["Expect: 100-continue"] }],
];

const continuations: [name: string, handler: Handler][] = [
  ["a handler", () => read()],
  ["an asynchronous handler", readLater],
  ["a body that waits", () => reply(200, turn().then(read))],
  ["a thenable that calls back from elsewhere", () => new Elsewhere(read)],
];

describe("the asynchronous context of a request", () => {
  for (const [name, create, sent] of readers) {
    it(`is kept behind ${name}, in the handler`, async () => {
      for (const parts of [1, 2, 4]) {
        await using server = await serveWithStore((app) => {
          const parser = create();
          if (parser === undefined) app.use([async () => void (await turn()), JSONParser()]);
          else app.use(parser);
          app.post("/", () => read());
        });
        const answers = await Promise.all(
          ["one", "two"].map((store) => post(server.port, store, sent, parts)),
        );
        assert.deepEqual(
          answers.map((answer) => answer.slice(-3)),
          ["one", "two"],
          `${parts} parts`,
        );
      }
    });

    it(`is kept behind ${name}, in error handlers and after the answer`, async () => {
      for (const parts of [1, 3]) {
        const seen: string[] = [];
        let hasRun = (): void => {};
        const done = new Promise<void>((resolve) => {
          hasRun = resolve;
        });
        await using server = await serveWithStore((app) => {
          app.after(() => {
            seen.push(`after ${read()}`);
            hasRun();
          });
          const parser = create();
          if (parser === undefined) app.use([async () => void (await turn()), JSONParser()]);
          else app.use(parser);
          app.post("/", (_req, res) => {
            res.defer(() => void seen.push(`deferred ${read()}`));
            throw new Error("thrown");
          });
          app.catch(async () => {
            await turn();
            return `caught ${read()}`;
          });
        });
        assert.match(await post(server.port, "mine", sent, parts), /caught mine$/);
        await done;
        assert.deepEqual(seen, ["deferred mine", "after mine"], `${parts} parts`);
      }
    });
  }

  for (const [name, handler] of continuations) {
    it(`is kept in ${name}, and what follows it`, async () => {
      const seen: string[] = [];
      await using server = await serveWithStore((app) => {
        app.after(() => void seen.push(read()));
        app.get("/", handler as never);
      });
      const answer = await server.fetch("/", { headers: { "x-store": "mine", connection: "close" } });
      const text = await answer.text();
      assert.equal(text, name.startsWith("a thenable") ? "elsewhere" : "mine");
      await server.app.close({ drainIdle: 0 });
      assert.deepEqual(seen, ["mine"]);
    });
  }

  it("is that of the code that asked for the signal of a request, when the client goes away", async () => {
    let tell = (_seen: string): void => {};
    const seen = new Promise<string>((resolve) => {
      tell = resolve;
    });
    let isAsked = (): void => {};
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve;
    });
    await using server = await serveWithStore((app) => {
      app.get("/", async (req) => {
        req.signal.addEventListener("abort", () => tell(read()));
        isAsked();
        await seen;
      });
    });
    const socket = connect(server.port, "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nHost: a\r\nX-Store: mine\r\n\r\n");
    await asked;
    socket.destroy();
    assert.equal(await seen, "mine");
  });

  it("is that of the handler where a step before it came back from elsewhere", async () => {
    await using server = await serveWithStore((app) => {
      app.use(() => new Elsewhere(() => undefined) as never);
      app.get("/", () => read());
    });
    assert.equal(await (await server.fetch("/", { headers: { "x-store": "mine" } })).text(), "mine");
  });

  it("is kept where a body is refused, stalls or is cut", async () => {
    const cases: [name: string, sent: Sent & { readonly length?: number }, status: number][] = [
      ["broken", { body: "{" }, 400],
      ["too large", { body: `"${"x".repeat(2000)}"` }, 413],
      ["stalls", { body: "", headers: ["Transfer-Encoding: chunked"] }, 408],
    ];
    for (const [name, { body = "" }, status] of cases) {
      await using server = await serveWithStore(
        (app) => {
          app.post("/", JSONParser({ limit: 1000 }), () => "never");
          app.catch((error) => `${(error as { status?: number }).status} ${read()}`);
        },
        { stallTimeout: 100 },
      );
      const length = name === "stalls" ? 10 : body.length;
      const head = `POST / HTTP/1.1\r\nHost: a\r\nX-Store: mine\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n`;
      assert.match(await server.raw(head + body), new RegExp(`${status} mine$`), name);
    }
  });

  it("is kept in a stalled body that a handler reads itself, with a timeout, and in its error handler", async () => {
    await using server = await serveWithStore(
      (app) => {
        app.post("/", async (req) => {
          for await (const _ of req as unknown as Readable);
          return "never";
        });
        app.get("/", () => new Promise(() => {}));
        app.catch((error) => `${(error as { status?: number }).status} ${read()}`);
      },
      { stallTimeout: 100, handlerTimeout: 50 },
    );
    const head = (method: string): string =>
      `${method} / HTTP/1.1\r\nHost: a\r\nX-Store: mine\r\nContent-Length: ${method === "GET" ? 0 : 9}\r\nConnection: close\r\n\r\n`;
    assert.match(await server.raw(head("POST")), /408 mine$/);
    assert.match(await server.raw(head("GET")), /503 mine$/);
  });

  it("is kept where a stream fails, and in a generator that waits for its reader", async () => {
    const part = "x".repeat(256 * 1024);
    await using server = await serveWithStore((app) => {
      app.get("/fails", () =>
        new Readable({ read: () => {} }).once("newListener", function fail(this: Readable) {
          storage.run("elsewhere", () => setImmediate(() => this.destroy(new Error("failed"))));
        }),
      );
      app.get("/generator", async function* () {
        for (let count = 0; count < 20; count++) yield part;
        yield read();
      });
      app.catch(() => `caught ${read()}`);
    });
    const headers = { "x-store": "mine" };
    assert.equal(await (await server.fetch("/fails", { headers })).text(), "caught mine");
    assert.equal((await (await server.fetch("/generator", { headers })).text()).slice(-5), "xmine");
  });

  it("is that of each request, on one connection and without one", async () => {
    const route = defineRoute({
      method: "POST",
      path: "/",
      request: { body: { a: "integer" } },
      handler: readLater,
    });
    await using server = await serveWithStore((app) => app.route(route));
    const one = (store: string, last = false): string =>
      `POST / HTTP/1.1\r\nHost: a\r\nX-Store: ${store}\r\nContent-Type: application/json\r\nContent-Length: 7\r\n${last ? "Connection: close\r\n" : ""}\r\n{"a":1}`;
    const answer = await server.raw(one("first") + one("second") + one("third", true));
    assert.deepEqual(answer.match(/first|second|third/g), ["first", "second", "third"]);
    const injected = await storage.run("outside", () =>
      server.app.inject({ method: "POST", url: "/", headers: { "x-store": "mine" }, body: { a: 1 } }),
    );
    assert.equal(injected.text(), "mine");
  });
});
