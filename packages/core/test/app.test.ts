import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { getEventListeners, once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { Agent, get } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import {
  App,
  ArgumentError,
  JSONParser,
  type ListenAddress,
  type ListenOptions,
  StateError,
} from "@miqro/core";
import { request, sendRaw, serve } from "./support/serve.js";

async function openSocket(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.setEncoding("latin1");
  await once(socket, "connect");
  return socket;
}

async function exchange(socket: Socket, bytes: string): Promise<string> {
  socket.write(bytes);
  const [data] = await once(socket, "data");
  return String(data);
}

/** Waits until nobody listens. */
async function refused(port: number): Promise<void> {
  const deadline = Date.now() + 5000;
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    try {
      await once(socket, "connect");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ECONNREFUSED") return;
    }
    socket.on("error", () => {}).destroy();
    assert.ok(Date.now() < deadline, "it still listens");
  }
}

function listen(app: App, options: ListenOptions = {}): Promise<ListenAddress> {
  return app.listen({ port: 0, host: "127.0.0.1", ...options });
}

const keepAlive = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

describe("App", () => {
  it("listens on a free port, a named one as text, and a socket", async () => {
    const app = new App().get("/", () => "x") as App;
    const address = await app.listen("0");
    assert.ok(typeof address === "object" && address.port > 0);
    assert.deepEqual(app.address, address);
    await assert.rejects(app.listen(0), StateError);
    await app.close({ drainIdle: 0 });
    assert.equal(app.address, undefined);
    const folder = await mkdtemp(join(tmpdir(), "app-"));
    const socketPath = join(folder, "s");
    assert.equal(await app.listen(socketPath), socketPath);
    const [response] = await once(get({ socketPath, path: "/", agent: false }), "response");
    assert.equal(response.statusCode, 200);
    response.resume();
    await app.close({ drainIdle: 0 });
    await rm(folder, { recursive: true });
  });

  it("listens on a socket whose process was killed, and takes none that is in use", async () => {
    const folder = await mkdtemp(join(tmpdir(), "app-"));
    const path = join(folder, "s");
    const server = "require('net').createServer().listen(process.argv[1], () => console.log('up'))";
    const other = spawn(process.execPath, ["-e", server, path]);
    await once(other.stdout, "data");
    const app = new App().get("/", () => "x") as App;
    await assert.rejects(app.listen(path), { code: "EADDRINUSE" });
    other.kill("SIGKILL");
    await once(other, "exit");
    assert.equal(await app.listen(path), path);
    const [response] = await once(get({ socketPath: path, path: "/", agent: false }), "response");
    assert.equal(response.resume().statusCode, 200);
    await app.close({ drainIdle: 0 });
    await writeFile(path, "a file");
    await assert.rejects(app.listen(path), { code: "EADDRINUSE" });
    assert.equal(await readFile(path, "utf8"), "a file");
    await rm(folder, { recursive: true });
  });

  it("rejects a port that is taken or none, and can be used after that", async () => {
    await using server = await serve(() => {});
    const app = new App();
    await assert.rejects(app.listen({ port: server.port, host: "127.0.0.1" }), { code: "EADDRINUSE" });
    for (const port of [-1, 65_536, 1.5, Number.NaN]) await assert.rejects(app.listen(port), ArgumentError);
    await app.listen({ port: 0, host: "127.0.0.1" });
    await app.close();
  });

  it("closes when its signal is aborted", async () => {
    const controller = new AbortController();
    const app = new App();
    await app.listen({ port: 0, host: "127.0.0.1", signal: controller.signal });
    controller.abort();
    await app.close({ drainIdle: 0 });
    assert.equal(app.address, undefined);
  });

  it("listens once, also when it is asked twice at once", async () => {
    const app = new App().get("/", () => "x");
    const results = await Promise.allSettled([listen(app), listen(app)]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ["fulfilled", "rejected"],
    );
    assert.ok(results[1]?.status === "rejected" && results[1].reason instanceof StateError);
    await app.close({ drainIdle: 0 });
    assert.equal(app.address, undefined);
  });

  it("is closed after close and after an abort, also while it begins to listen", async () => {
    const app = new App();
    const listening = listen(app);
    await app.close({ drainIdle: 0 });
    const address = await listening;
    assert.equal(app.address, undefined);
    await listen(app, { port: (address as AddressInfo).port });
    await app.close({ drainIdle: 0 });
    const controller = new AbortController();
    const aborted = listen(app, { signal: controller.signal });
    controller.abort(new Error("stop"));
    await assert.rejects(aborted, /stop/);
    assert.equal(app.address, undefined);
    await assert.rejects(listen(app, { signal: controller.signal }), /stop/);
  });

  it("leaves no listener on its signal", async () => {
    const { signal } = new AbortController();
    await using server = await serve(() => {});
    for (let count = 0; count < 3; count++) {
      const app = new App();
      await listen(app, { signal });
      await app.close({ drainIdle: 0 });
      await assert.rejects(listen(app, { signal, port: server.port }));
    }
    assert.equal(getEventListeners(signal, "abort").length, 0);
  });

  it("refuses what is no place to listen", async () => {
    const app = new App();
    const wrong: unknown[][] = [
      [],
      [null],
      [""],
      ["example:80"],
      [{ prot: 1 }],
      [{ port: 0, host: 5 }],
      [{}],
    ];
    for (const args of [...wrong, [0, "127.0.0.1"], [{ port: 0, signal: {} }], [{ port: 0, path: "x" }]]) {
      await assert.rejects(Reflect.apply(app.listen, app, args), ArgumentError, JSON.stringify(args));
    }
  });

  it("has no limit where one is 0", async (context) => {
    context.mock.timers.enable({ apis: ["setInterval", "Date"] });
    let begin = (): void => {};
    const reading = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const app = (app: App) => app.use(begin).post("/", JSONParser(), (req) => req.body);
    await using server = await serve(app, {
      stallTimeout: 0,
      headersTimeout: 0,
      keepAliveTimeout: 0,
    });
    const socket = await openSocket(server.port);
    socket.write(
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[",
    );
    await reading;
    context.mock.timers.tick(600_000);
    assert.match(await exchange(socket, "]"), /^HTTP\/1.1 200 /);
    socket.destroy();
  });

  it("answers many requests on one connection, also pipelined ones, in order", async () => {
    await using server = await serve((app) =>
      app.get("/:id", async (req) => {
        if (req.params.id === "1") await new Promise((resolve) => setImmediate(resolve));
        return req.params.id;
      }),
    );
    const head = (id: number) => `GET /${id} HTTP/1.1\r\nHost: a\r\n\r\n`;
    const answer = await sendRaw(server.port, head(1) + head(2) + request("GET /3"));
    assert.deepEqual(
      [...answer.matchAll(/\r\n\r\n(\d)/g)].map((match) => match[1]),
      ["1", "2", "3"],
    );
  });

  it("writes a line per request at debug, with tokens hidden", async () => {
    const { Logger } = await import("@miqro/core");
    const outs: string[] = [];
    let written = (): void => {};
    const line = new Promise<void>((resolve) => {
      written = resolve;
    });
    const transport = {
      write({ out }: { out: string }) {
        outs.push(out);
        written();
      },
    };
    const loggerFactory = (identifier: string) =>
      new Logger(identifier, "debug", { transports: [transport] });
    await using server = await serve((app) => app.get("/posts/:id", () => "x"), { loggerFactory });
    await server.fetch("/posts/1?token=abc&b=2");
    await line;
    assert.match(outs[0] ?? "", / DEBUG \[POSTS_ID_GET\] GET \/posts\/1\?token=\*\*\*&b=2 200 [\d.]+ms \[/);
  });

  it("cuts a client that does not read, and leaves a slow handler alone", async () => {
    let finish = (): void => {};
    let cut = (): void => {};
    const closed = new Promise<void>((resolve) => {
      cut = resolve;
    });
    await using server = await serve(
      (app) => {
        app.get("/big", (_req, res) => {
          res.once("close", () => cut());
          return Buffer.alloc(50_000_000);
        });
        app.get("/slow", () => {
          return new Promise((resolve) => {
            finish = () => resolve("slow");
          });
        });
      },
      { stallTimeout: 100 },
    );
    const slow = server.fetch("/slow");
    const socket = connect(server.port, "127.0.0.1").pause();
    socket.on("error", () => {});
    socket.write(keepAlive.replace("/ ", "/big "));
    await closed;
    socket.resume();
    await once(socket, "close");
    assert.ok(socket.bytesRead < 50_000_000);
    finish();
    assert.equal(await (await slow).text(), "slow");
  });
});

describe("App.close", () => {
  it("finishes what runs, and says Connection: close", async () => {
    let finish = (): void => {};
    let entered = (): void => {};
    const running = new Promise<void>((resolve) => {
      entered = resolve;
    });
    await using server = await serve((app) =>
      app.get("/", () => {
        entered();
        return new Promise((resolve) => {
          finish = () => resolve("done");
        });
      }),
    );
    const socket = await openSocket(server.port);
    const answer = exchange(socket, keepAlive);
    await running;
    const closed = server.app.close({ drainIdle: 0 });
    await refused(server.port);
    finish();
    assert.match(await answer, /^HTTP\/1.1 200 OK[\s\S]*\r\nConnection: close\r\n[\s\S]*done$/);
    await closed;
  });

  it("still answers a request on an idle connection while it drains", async () => {
    await using server = await serve((app) => app.get("/", () => "x"));
    const socket = await openSocket(server.port);
    assert.match(await exchange(socket, keepAlive), /\r\nConnection: keep-alive\r\n/);
    const closed = server.app.close({ drainIdle: 5000 });
    await refused(server.port);
    assert.match(await exchange(socket, keepAlive), /\r\nConnection: close\r\n/);
    await closed;
  });

  it("answers the connections that the system had accepted for it, whether they have asked already or not", async () => {
    await using server = await serve((app) => app.get("/", () => "x"));
    // The system accepts these before the server has a turn.
    const sockets = Array.from({ length: 50 }, () => connect(server.port, "127.0.0.1"));
    const answers = sockets.map(async (socket, index) => {
      let received = "";
      socket.setEncoding("latin1").on("data", (chunk) => {
        received += chunk;
      });
      await once(socket, "connect");
      // Some ask at once, and some when the server has been closing for a while.
      if (index % 2 === 1) await closing;
      socket.write(keepAlive);
      await once(socket, "close");
      return received;
    });
    let isClosing = (): void => {};
    const closing = new Promise<void>((resolve) => {
      isClosing = resolve;
    });
    await new Promise<void>((resolve) => process.nextTick(resolve));
    const closed = server.app.close({ drainIdle: 1000 });
    await refused(server.port);
    isClosing();
    for (const answer of await Promise.all(answers)) {
      assert.match(answer, /^HTTP\/1.1 200 OK[\s\S]*\r\n\r\nx$/);
    }
    await closed;
  });

  it("gives a connection the whole time from its last byte, and from an answer that was begun before", async () => {
    let finish = (): void => {};
    await using server = await serve((app) => {
      app.get("/", () => "x");
      app.get("/begun", (_req, res) => {
        res.writeHead(200, { "Content-Length": 1 }).flushHeaders();
        finish = () => res.end("x");
        return false;
      });
    });
    const slow = await openSocket(server.port);
    const begun = await openSocket(server.port);
    assert.match(await exchange(begun, keepAlive.replace("/ ", "/begun ")), /\r\nConnection: keep-alive\r\n/);
    const idle = await openSocket(server.port);
    const started = performance.now();
    const drainIdle = 300;
    const closed = server.app.close({ drainIdle });
    let rest = keepAlive;
    const typing = setInterval(() => {
      slow.write(rest.slice(0, 2));
      rest = rest.slice(2);
      if (rest === "") clearInterval(typing);
    }, 60);
    await once(idle.resume(), "close");
    assert.ok(performance.now() - started >= drainIdle - 1);
    finish();
    assert.equal(String((await once(begun, "data"))[0]), "x");
    assert.match(await exchange(begun, keepAlive), /\r\nConnection: close\r\n[\s\S]*x$/);
    assert.match(String((await once(slow, "data"))[0]), /\r\nConnection: close\r\n[\s\S]*x$/);
    await closed;
  });

  it("loses none of 20,000 requests of clients that keep their connections, over ten closes", async () => {
    let answered = 0;
    let failed = 0;
    for (let round = 1; round <= 10; round++) {
      const server = await serve((app) => app.get("/", () => "x"));
      const agent = new Agent({ keepAlive: true, maxSockets: 20 });
      let refused = false;
      const ask = (): Promise<void> =>
        new Promise((resolve) => {
          const sent = get({ port: server.port, host: "127.0.0.1", agent }, (response) => {
            response.resume().on("end", () => {
              answered++;
              resolve();
            });
          });
          sent.on("error", (error: NodeJS.ErrnoException) => {
            if (error.code === "ECONNREFUSED") refused = true;
            else failed++;
            resolve();
          });
        });
      const clients = Array.from({ length: 20 }, async () => {
        while (!refused) await ask();
      });
      while (answered < 2000 * round) await new Promise((resolve) => setImmediate(resolve));
      await server.app.close({ drainIdle: 100 });
      await Promise.all(clients);
      agent.destroy();
    }
    assert.equal(failed, 0);
    assert.ok(answered >= 20_000);
  });

  it("cuts what does not finish in time", async () => {
    await using server = await serve((app) => app.get("/", () => new Promise(() => {})));
    const answer = sendRaw(server.port, keepAlive).catch(() => "");
    const started = Date.now();
    await server.app.close({ timeout: 100 });
    assert.equal(await answer, "");
    assert.ok(Date.now() - started < 2000);
  });
});
