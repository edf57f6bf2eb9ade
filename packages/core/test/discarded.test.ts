import assert from "node:assert/strict";
import { EventEmitter, on, once } from "node:events";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { App, type Handler, Logger, type Request, reply } from "@miqro/core";
import { type Served, serve } from "./support/serve.js";

const file = import.meta.filename;

/** A stream, and when it was closed. */
function track<Kind extends Readable>(stream: Kind): { stream: Kind; closed: Promise<void> } {
  return { stream, closed: new Promise((resolve) => stream.once("close", resolve)) };
}

/** A web stream that never ends, and when it was cancelled. */
function openWebStream(): { stream: ReadableStream; cancelled: Promise<void> } {
  let cancel = (): void => {};
  const cancelled = new Promise<void>((resolve) => {
    cancel = resolve;
  });
  const stream = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(10)),
    cancel: () => cancel(),
  });
  return { stream, cancelled };
}

/** Asks, and leaves as soon as the handler runs. */
async function leave(server: Served, entered: Promise<unknown>): Promise<void> {
  const socket = connect(server.port, "127.0.0.1");
  socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await entered;
  socket.destroy();
}

/** A handler that returns a value when its client has gone, and when it runs. */
function whenGone(value: () => unknown): { handler: Handler; entered: Promise<void> } {
  let enter = (): void => {};
  const entered = new Promise<void>((resolve) => {
    enter = resolve;
  });
  const handler = async (req: Request): Promise<unknown> => {
    const gone = new Promise((resolve) => req.signal.addEventListener("abort", resolve));
    enter();
    await gone;
    return value();
  };
  return { handler, entered };
}

describe("what a handler returns too late", () => {
  it("is closed when the client has gone: files, also when they are not there", async () => {
    for (const make of [() => createReadStream(file), () => createReadStream("/nowhere")]) {
      let done = (): void => {};
      const closed = new Promise<void>((resolve) => {
        done = resolve;
      });
      const { handler, entered } = whenGone(() => {
        const made = track(make());
        made.closed.then(done);
        return made.stream;
      });
      await using server = await serve((app) => app.get("/", handler));
      await leave(server, entered);
      await closed;
      assert.deepEqual(server.lines, []);
    }
  });

  it("is cancelled when the client has gone: web responses, web streams, replies and cursors", async () => {
    const kinds: ((stream: ReadableStream) => unknown)[] = [
      (stream) => new Response(stream),
      (stream) => stream,
      (stream) => reply(200, stream),
      (stream) => ({ [Symbol.asyncIterator]: () => stream.values(), return: async () => stream.cancel() }),
    ];
    for (const make of kinds) {
      const { stream, cancelled } = openWebStream();
      const { handler, entered } = whenGone(() => make(stream));
      await using server = await serve((app) => app.get("/", handler));
      await leave(server, entered);
      await cancelled;
    }
  });

  it("is closed when 503 was answered in its place, and what it throws then is logged", async () => {
    const made = track(createReadStream("/nowhere"));
    made.stream.once("error", () => {});
    await using server = await serve(
      (app) => {
        app.get("/", (req) => {
          return new Promise((resolve) => {
            req.signal.addEventListener("abort", () => resolve(made.stream));
          });
        });
        app.get("/late", async (req, res) => {
          await new Promise((resolve) => res.once("close", resolve));
          // Asked for only now.
          assert.equal(req.signal.aborted, true);
          throw new Error("too late");
        });
        app.get("/abort", async (req) => {
          await new Promise((resolve) => req.signal.addEventListener("abort", resolve));
          req.signal.throwIfAborted();
        });
      },
      { handlerTimeout: 20 },
    );
    assert.equal((await server.fetch("/")).status, 503);
    await made.closed;
    for (const path of ["/late", "/abort"]) {
      assert.equal((await server.fetch(path, { headers: { connection: "close" } })).status, 503);
    }
    while (server.lines.length < 4) await new Promise((resolve) => setImmediate(resolve));
    const [, late] = server.lines
      .map((line) => `${line.level} ${line.out}`)
      .filter((line) => /late/.test(line));
    assert.match(late ?? "", /^warn .*GET \/late failed after 503 .*too late/s);
    assert.equal(server.lines.length, 4);
  });
});

/** A cursor whose first row was read, and when it was closed. */
async function openCursor(): Promise<{ rows: AsyncGenerator<string>; closed: Promise<void> }> {
  let close = (): void => {};
  const closed = new Promise<void>((resolve) => {
    close = resolve;
  });
  async function* read(): AsyncGenerator<string> {
    try {
      for (;;) yield "row";
    } finally {
      close();
    }
  }
  const rows = read();
  await rows.next();
  return { rows, closed };
}

describe("what cannot be sent", () => {
  for (const [name, method, make] of [
    ["to HEAD", "HEAD", (rows) => rows],
    ["with 204", "GET", (rows) => reply(204, rows)],
    ["with 304", "GET", (rows) => reply(304, rows)],
    ["with a header that cannot be sent", "GET", (rows) => reply(200, rows, { "X-A": "a\nb" })],
    ["with a status that is none", "GET", (rows) => reply(999, rows)],
  ] as [name: string, method: string, make: (rows: AsyncIterable<string>) => unknown][]) {
    it(`is closed, also if it was read in part: a cursor ${name}`, async () => {
      const { rows, closed } = await openCursor();
      await using server = await serve((app) => app.get("/", () => make(rows)));
      await (await server.fetch("/", { method })).text();
      await closed;
    });
  }

  it("is closed while its next value does not come", async () => {
    const emitter = new EventEmitter();
    await using server = await serve((app) => app.get("/", () => on(emitter, "row")));
    const socket = connect(server.port, "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    while (emitter.listenerCount("row") === 0) await turn();
    emitter.emit("row", 1);
    await once(socket, "data");
    socket.destroy();
    while (emitter.listenerCount("row") > 0) await turn();
  });

  it("is closed, and 500 is answered: wrong headers, statuses and declarations", async () => {
    const open: Promise<void>[] = [];
    const make = (): Readable => {
      const { stream, closed } = track(createReadStream(file));
      open.push(closed);
      return stream;
    };
    await using server = await serve((app) => {
      app.get("/header", () => reply(200, make(), { "bad header": "x" }));
      app.get("/status", () => reply(99, make()));
      app.get("/locked", () => {
        const response = new Response(Readable.toWeb(make()) as ReadableStream);
        response.body?.getReader();
        open.pop();
        return response;
      });
      app.route({ path: "/declared", response: { status: 201 }, handler: make });
      app.get("/send", (_req, res) => res.send(reply(99, make())));
    });
    for (const path of ["/header", "/status", "/locked", "/declared", "/send"]) {
      assert.equal((await server.fetch(path)).status, 500, path);
    }
    await Promise.all(open);
    assert.equal(open.length, 4);
  });

  it("is closed where an answer was given before, or has no body", async () => {
    const open: Promise<void>[] = [];
    const make = (path = file): Readable => {
      const { stream, closed } = track(createReadStream(path));
      open.push(closed);
      return stream;
    };
    await using server = await serve((app) => {
      app.get("/twice", (_req, res) => {
        res.json(1);
        return make("/nowhere");
      });
      app.get("/head", () => make());
      app.get("/none", () => reply(204, make("/nowhere")));
      app.get("/caught", () => {
        throw new Error("x");
      });
      app.catch((_err, _req, res) => {
        res.text("answered");
        return make();
      });
    });
    assert.equal((await server.fetch("/twice")).status, 200);
    assert.equal((await server.fetch("/head", { method: "HEAD" })).status, 200);
    assert.equal((await server.fetch("/none")).status, 204);
    assert.equal((await server.fetch("/caught")).status, 200);
    assert.equal(open.length, 4);
    await Promise.all(open);
  });

  it("is left alone where somebody reads it: what a handler pipes, the request and its socket", async () => {
    await using server = await serve((app) => {
      app.use((req) => req.socket.setNoDelay());
      app.get("/piped", (_req, res) => {
        const stream = createReadStream(file);
        stream.pipe(res);
        return stream;
      });
      app.get("/socket", (req, res) => {
        res.text("one");
        return req.socket.setKeepAlive(true);
      });
    });
    assert.match(await (await server.fetch("/piped")).text(), /what a handler pipes/);
    const socket = connect(server.port, "127.0.0.1").setEncoding("latin1");
    let received = "";
    socket.on("data", (chunk) => {
      received += chunk;
      const answers = received.split("HTTP/1.1 200").length - 1;
      if (answers === 1) socket.end("GET /socket HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    });
    socket.write("GET /socket HTTP/1.1\r\nHost: a\r\n\r\n");
    await new Promise((resolve) => socket.once("close", resolve));
    assert.equal(received.split("one").length - 1, 2);
  });
});

describe("streams that middleware returns", () => {
  it("end nothing when they fail, and are closed after the answer where nobody reads them", async () => {
    const closed: Promise<void>[] = [];
    await using server = await serve((app) => {
      for (const path of ["/nowhere", file]) {
        app.use(() => {
          const made = track(createReadStream(path));
          closed.push(made.closed);
          return made.stream;
        });
      }
      app.get("/", (req) => req.results.length);
    });
    assert.equal(await (await server.fetch("/")).text(), "2");
    assert.equal(closed.length, 2);
    await Promise.all(closed);
  });
});

describe("a stream that fails", () => {
  it("is a 500 before its first byte, by the error handlers, and is logged with the id of the request", async () => {
    await using server = await serve((app) => {
      app.get("/missing", () => createReadStream("/nowhere"));
      app.get("/destroyed", () => new Readable({ read() {} }).destroy());
      app.get("/half", () => {
        let parts = 0;
        return new Readable({
          read() {
            if (parts++ === 0) this.push("half");
            else setImmediate(() => this.destroy(new Error("broken")));
          },
        });
      });
    });
    for (const path of ["/missing", "/destroyed"]) {
      const response = await server.fetch(path);
      const problem = (await response.json()) as { requestId: string };
      assert.equal(response.status, 500);
      assert.ok(server.lines.at(-1)?.out.includes(problem.requestId));
    }
    await assert.rejects(async () => (await server.fetch("/half")).text());
    assert.match(
      server.lines.at(-1)?.out ?? "",
      /GET \/half failed after its answer had begun \[[0-9a-f-]{36}\] Error: broken/,
    );
    assert.equal(server.lines.length, 3);
  });

  it("leaves no file open when a route does not list its status", async () => {
    const app = new App({ loggerFactory: (identifier) => new Logger(identifier, "none") });
    const handle = await open(file);
    const { stream, closed } = track(handle.createReadStream());
    app.route({ path: "/", response: { status: 201 }, handler: () => stream });
    assert.equal((await app.inject("/")).status, 500);
    await closed;
    await assert.rejects(handle.stat(), { code: "EBADF" });
  });
});
