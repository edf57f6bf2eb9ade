import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, it } from "node:test";
import {
  JSONParser,
  Router,
  SessionHandler,
  type WebSocketClient,
  WebSocketServer,
  type WebSocketServerOptions,
} from "@miqro/core";
import { WebSocket } from "ws";
import { request, type Served, sendRaw, serve } from "./support/serve.js";

interface Connected {
  readonly socket: WebSocket;
  next(): Promise<string>;
}

async function open(server: Served, path: string, headers: Record<string, string> = {}): Promise<Connected> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers });
  const queue: string[] = [];
  let wake = (): void => {};
  socket.on("message", (data) => {
    queue.push(data.toString());
    wake();
  });
  await once(socket, "open");
  return {
    socket,
    async next() {
      while (queue.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return queue.shift() as string;
    },
  };
}

function upgrade(path: string, ...headers: string[]): string {
  const fixed = ["Host: localhost", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"];
  const lines = [`GET ${path} HTTP/1.1`, ...fixed, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", ...headers];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

async function withSocket(
  options: Omit<WebSocketServerOptions, "path">,
  run: (server: Served, sockets: WebSocketServer) => Promise<void>,
) {
  const sockets = new WebSocketServer({ path: "/updates", ...options });
  await using server = await serve((app) => app.webSocket(sockets));
  try {
    await run(server, sockets);
  } finally {
    await sockets.dispose();
  }
}

describe("WebSocketServer", () => {
  it("connects, receives, sends to one and to all", async () => {
    const messages: (string | Buffer)[] = [];
    let gone = (_uuid: string): void => {};
    const left = new Promise<string>((resolve) => {
      gone = resolve;
    });
    const onMessage = (client: WebSocketClient, data: string | Buffer) => {
      messages.push(data);
      client.send(`echo ${data}`);
    };
    await withSocket({ onMessage, onDisconnect: (client) => gone(client.uuid) }, async (server, sockets) => {
      const a = await open(server, "/updates");
      const b = await open(server, "/updates");
      const [first, second] = [...sockets.clients.keys()] as [string, string];
      a.socket.send("hi");
      assert.equal(await a.next(), "echo hi");
      await sockets.broadcast("all");
      assert.deepEqual([await a.next(), await b.next()], ["all", "all"]);
      await sockets.broadcast("others", first);
      assert.equal(await b.next(), "others");
      assert.equal(await sockets.writeTo(first, "one"), true);
      assert.equal(await a.next(), "one");
      for (const length of [125, 126, 65_535, 65_536]) {
        await sockets.broadcast("é".repeat(length));
        assert.equal((await b.next()).length, length);
      }
      b.socket.close();
      assert.equal(await left, second);
      assert.equal(sockets.isConnected(second), false);
      assert.equal(await sockets.writeTo(second, "x"), false);
      assert.deepEqual(messages, ["hi"]);
    });
  });

  it("refuses unknown paths, foreign origins and whom validate refuses, as plain HTTP", async () => {
    const validate = (req: { query: Record<string, unknown> }) => req.query.ok === "1";
    await withSocket({ validate, origins: "https://friend.example" }, async (server, sockets) => {
      const status = async (bytes: string) => (await sendRaw(server.port, bytes)).slice(9, 12);
      assert.equal(await status(upgrade("/nowhere")), "404");
      assert.equal(await status(upgrade("/updates")), "403");
      assert.equal(await status(upgrade("/updates?ok=1", "Origin: https://evil.example")), "403");
      assert.equal(await status(upgrade("/%zz")), "400");
      for (const origin of ["http://localhost", "https://friend.example"]) {
        const { socket } = await open(server, "/updates?ok=1", { origin, host: "localhost" });
        socket.close();
        await once(socket, "close");
      }
      const refused = await sendRaw(server.port, upgrade("/nowhere"));
      assert.match(refused, /\r\nConnection: close\r\n/);
      assert.match(refused, /"status":404/);
      assert.equal(sockets.clients.size, 0);
    });
  });

  it("lets upgrades run through the guards of all services up to its own", async () => {
    const sockets = new WebSocketServer({ path: "/s/:room" });
    const order: string[] = [];
    const verify = ({ token }: { token: string }) =>
      token === "good" ? { account: "a", username: "u", groups: [] } : null;
    const first = new Router().use(SessionHandler({ verify })).fallback(() => "never");
    const second = new Router().use(() => void order.push("second")).webSocket(sockets);
    const third = new Router().use(() => void order.push("third"));
    await using server = await serve((app) => app.use(first).use(second).use(third));
    assert.match(
      await sendRaw(server.port, upgrade("/s/1")),
      /^HTTP\/1.1 401 [\s\S]*WWW-Authenticate: Bearer/,
    );
    assert.match(await sendRaw(server.port, upgrade("/nowhere")), /^HTTP\/1.1 401 /);
    await open(server, "/s/1", { authorization: "Bearer good" });
    const [client] = [...sockets.clients.values()];
    assert.equal(client?.session?.username, "u");
    assert.deepEqual({ ...client?.req.params }, { room: "1" });
    assert.deepEqual(order, ["second"]);
    await sockets.dispose();
  });

  it("answers 426 to a plain request, and 405 and Allow to other methods", async () => {
    const sockets = new WebSocketServer({ path: "/s" });
    const also = new WebSocketServer({ path: "/also" });
    await using server = await serve((app) =>
      app
        .webSocket(sockets)
        .webSocket(also)
        .post("/also", () => "posted"),
    );
    const ask = (line: string, ...headers: string[]) => sendRaw(server.port, request(line, ...headers));
    for (const answer of [await ask("GET /s"), await ask("HEAD /s"), await ask("GET /also")]) {
      assert.match(answer, /^HTTP\/1.1 426 Upgrade Required\r\n/);
      assert.match(answer, /\r\nUpgrade: websocket\r\n/);
      assert.match(answer, /\r\nConnection: Upgrade, close\r\n/);
    }
    const kept = await server.fetch("/s");
    assert.equal(((await kept.json()) as { code: string }).code, "UPGRADE_REQUIRED");
    assert.match(await ask("POST /s"), /^HTTP\/1.1 405 [\s\S]*\r\nAllow: GET, HEAD, OPTIONS\r\n/);
    assert.match(await ask("OPTIONS /also"), /^HTTP\/1.1 204 [\s\S]*\r\nAllow: GET, HEAD, OPTIONS, POST\r\n/);
    assert.match(await ask("POST /also"), /\r\n\r\nposted$/);
    assert.equal((await server.fetch("/other")).status, 404);
  });

  it("ignores upgrades to anything else, and reads their bodies", async () => {
    const sockets = new WebSocketServer({ path: "/s" });
    await using server = await serve((app) =>
      app
        .webSocket(sockets)
        .get("/page", () => "page")
        .post("/json", JSONParser(), (req) => req.body),
    );
    const h2c = (line: string, connection: string, ...more: string[]) =>
      `${[`${line} HTTP/1.1`, "Host: a", `Connection: ${connection}`, "Upgrade: h2c", ...more].join("\r\n")}\r\n\r\n`;
    const type = "Content-Type: application/json";
    for (const [framing, body] of [
      ["Content-Length: 7", '{"a":1}'],
      ["Transfer-Encoding: chunked", '7\r\n{"a":1}\r\n0\r\n\r\n'],
    ] as const) {
      const posted = await sendRaw(server.port, h2c("POST /json", "Upgrade, close", type, framing) + body);
      assert.match(posted, /^HTTP\/1.1 200 [\s\S]*\r\n\r\n\{"a":1\}$/);
    }
    const answers = await sendRaw(
      server.port,
      h2c("GET /page", "Upgrade") + h2c("GET /s", "Upgrade") + request("GET /page"),
    );
    assert.deepEqual(
      [...answers.matchAll(/HTTP\/1.1 (\d+)/g)].map((match) => match[1]),
      ["200", "426", "200"],
    );
    assert.match(answers, /\r\n\r\npage$/);
    assert.match(await sendRaw(server.port, upgrade("/s").replace("websocket", "\x01")), /^HTTP\/1.1 400 /);
    assert.match(await sendRaw(server.port, upgrade("/s").replace("13", "99")), /^HTTP\/1.1 400 /);
    assert.match(await sendRaw(server.port, upgrade("/s").replace(/Key: .*/, "Key: x")), /^HTTP\/1.1 400 /);
    assert.deepEqual(server.lines, []);
  });

  it("takes an upgrade after the answers to the requests in front of it", async () => {
    const sockets = new WebSocketServer({ path: "/s", onConnection: ({ socket }) => socket.terminate() });
    await using server = await serve((app) =>
      app
        .webSocket(sockets)
        .get("/now", () => "now")
        .get("/soon", () => new Promise((resolve) => setImmediate(resolve, "soon"))),
    );
    const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
    for (const before of [
      get("/now"),
      get("/soon"),
      get("/soon") + get("/now"),
      get("/now") + get("/soon"),
    ]) {
      const accepted = await sendRaw(server.port, before + upgrade("/s"));
      assert.match(accepted, /(now|soon)HTTP\/1.1 101 /);
      const refused = await sendRaw(server.port, before + upgrade("/nowhere"));
      assert.match(refused, /(now|soon)HTTP\/1.1 404 /);
      const ignored = await sendRaw(
        server.port,
        before + upgrade("/now").replace("websocket", "h2c") + request("GET /soon"),
      );
      assert.match(ignored, /(now|soon)HTTP\/1.1 200 [\s\S]*now[\s\S]*soon$/);
    }
  });

  it("does not keep the connection of an upgrade that was refused, even if its client does", async () => {
    const sockets = new WebSocketServer({ path: "/s" });
    await using server = await serve((app) => app.webSocket(sockets), { stallTimeout: 100 });
    const socket = connect({ port: server.port, host: "127.0.0.1", allowHalfOpen: true });
    socket.resume().write(upgrade("/nowhere"));
    await once(socket, "end");
    socket.on("error", () => {});
    const chatter = setInterval(() => socket.write("x"), 10);
    await new Promise((resolve) => socket.on("close", resolve));
    clearInterval(chatter);
  });

  it("reads the bodies of upgrades that it ignores, many on one connection", async () => {
    let seen: Socket | undefined;
    await using server = await serve((app) => {
      app.webSocket(new WebSocketServer({ path: "/s" }));
      app.post("/echo", JSONParser(), (req) => {
        seen = req.socket;
        return req.body;
      });
    });
    const head = "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n";
    const whole = `${head}Content-Type: application/json\r\nContent-Length: 7\r\n\r\n{"a":1}`;
    const client = connect(server.port, "127.0.0.1").setEncoding("latin1");
    const answers = async (count: number): Promise<string> => {
      let text = "";
      while (text.split('{"a":1}').length <= count) text += (await once(client, "data"))[0];
      return text;
    };
    client.write(whole);
    const first = await answers(1);
    if (Number.parseInt(process.versions.node, 10) >= 25) {
      // This version loses what follows, so the connection ends.
      assert.match(first, /\r\nConnection: close\r\n/);
      client.destroy();
      return;
    }
    const listeners = () =>
      seen?.eventNames().reduce((sum, name) => sum + (seen?.listenerCount(name) ?? 0), 0);
    const before = listeners();
    for (let count = 0; count < 20; count++) {
      // In two parts, and two requests at once.
      client.write(whole.slice(0, -3));
      setImmediate(() => client.write(whole.slice(-3) + whole));
      await answers(2);
    }
    assert.equal(listeners(), before);
    client.destroy();
  });

  it("answers an upgrade behind a request that is not answered yet", async () => {
    let answer = (_text: string): void => {};
    const slow = new Promise<string>((resolve) => {
      answer = resolve;
    });
    await using server = await serve((app) => {
      app.webSocket(new WebSocketServer({ path: "/s", validate: () => false }));
      app.get("/slow", () => slow).get("/next", () => "next");
    });
    const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
    const all = sendRaw(server.port, get("/slow") + get("/next") + upgrade("/s"));
    setImmediate(() => answer("slow"));
    assert.deepEqual((await all).match(/ (?:200|403) |slow|next/g), [
      " 200 ",
      "slow",
      " 200 ",
      "next",
      " 403 ",
    ]);
  });

  it("closes the connection of a refused upgrade, also when the client keeps its half", async () => {
    const seen: Socket[] = [];
    await using server = await serve(
      (app) => {
        app.use((req) => void seen.push(req.socket));
        app.webSocket(new WebSocketServer({ path: "/s", validate: () => false }));
      },
      { stallTimeout: 100 },
    );
    const clients: Socket[] = [];
    for (const path of ["/nowhere", "/s", "/%zz"]) {
      const client = connect({ port: server.port, host: "127.0.0.1", allowHalfOpen: true });
      client.resume().write(upgrade(path));
      await once(client, "end");
      clients.push(client);
    }
    assert.equal(seen.length, 2);
    for (const socket of seen) if (!socket.closed) await once(socket, "close");
    for (const client of clients) client.destroy();
  });

  it("bounds connections and the size of messages", async () => {
    await withSocket({ maxConnections: 1, maxPayload: 10 }, async (server) => {
      const { socket } = await open(server, "/updates");
      assert.match(await sendRaw(server.port, upgrade("/updates")), /^HTTP\/1.1 503 /);
      socket.send("x".repeat(11));
      const [code] = await once(socket, "close");
      assert.equal(code, 1009);
    });
  });

  it("drops a client that does not read, and keeps the others", async () => {
    await withSocket({ maxBuffered: 100_000 }, async (server, sockets) => {
      const slow = await open(server, "/updates");
      const good = await open(server, "/updates");
      slow.socket.pause();
      const payload = "x".repeat(500_000);
      const deadline = Date.now() + 10_000;
      while (sockets.clients.size === 2 && Date.now() < deadline) {
        await sockets.broadcast(payload);
        await good.next();
      }
      assert.equal(sockets.clients.size, 1);
      assert.match(server.lines.at(-1)?.out ?? "", /too slowly/);
    });
  });

  it("drops a client that sends pings and does not read the answers", async () => {
    await withSocket({}, async (server, sockets) => {
      const socket = connect(server.port, "127.0.0.1").pause();
      socket.on("error", () => {});
      socket.write(upgrade("/updates"));
      while (sockets.clients.size === 0) await new Promise((resolve) => setImmediate(resolve));
      // Masked with zeros, 125 bytes each.
      const ping = Buffer.concat([Buffer.from([0x89, 0x80 | 125, 0, 0, 0, 0]), Buffer.alloc(125)]);
      const pings = Buffer.concat(Array.from({ length: 5000 }, () => ping));
      const deadline = Date.now() + 10_000;
      while (sockets.clients.size === 1 && Date.now() < deadline) {
        await new Promise((resolve) => socket.write(pings, resolve));
      }
      assert.equal(sockets.clients.size, 0);
      socket.destroy();
    });
  });

  it("cuts messages of too many fragments and frames that break the protocol", async () => {
    const errors: string[] = [];
    await withSocket({ onError: ({ message }) => errors.push(message) }, async (server, sockets) => {
      const frame = (...bytes: number[]) => Buffer.from(bytes);
      const mask = [0, 0, 0, 0];
      const attacks: Buffer[] = [
        // Text that never ends, a byte at a time.
        Buffer.concat(
          Array.from({ length: 20_000 }, (_, index) => frame(index === 0 ? 1 : 0, 0x81, ...mask, 97)),
        ),
        frame(0x81, 1, 97),
        frame(0x80, 0x80, ...mask),
        frame(0xf1, 0x80, ...mask),
        frame(0x83, 0x80, ...mask),
        frame(0x81, 0x81, ...mask, 0xff),
        frame(0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, ...mask),
        frame(0x89, 0xfe, 1, 0, ...mask),
        frame(0x09, 0x80, ...mask),
      ];
      for (const attack of attacks) {
        const socket = connect(server.port, "127.0.0.1");
        socket.on("error", () => {}).resume();
        const closed = new Promise((resolve) => socket.on("close", resolve));
        socket.write(Buffer.concat([Buffer.from(upgrade("/updates")), attack]));
        await closed;
      }
      while (sockets.clients.size > 0) await new Promise((resolve) => setImmediate(resolve));
      assert.equal(errors.length, attacks.length, errors.join("\n"));
      assert.deepEqual(server.lines, []);
    });
  });

  it("reports what its functions throw, and lives", async () => {
    const errors: string[] = [];
    const options: Omit<WebSocketServerOptions, "path"> = {
      onMessage: async () => {
        throw new Error("thrown");
      },
      onError: (error, client) => {
        errors.push(error.message);
        client.send("failed");
      },
    };
    await withSocket(options, async (server) => {
      const client = await open(server, "/updates");
      client.socket.send("x");
      assert.equal(await client.next(), "failed");
      assert.deepEqual(errors, ["thrown"]);
    });
  });

  it("is not there when it is disabled", async () => {
    await withSocket({ disabled: true }, async (server) => {
      assert.equal((await server.fetch("/updates")).status, 404);
    });
  });

  for (const socketCode of [undefined, 1001, 1012, 4000]) {
    it(`closes its clients with the app, with the code ${socketCode ?? "1001 unless one is given"}`, async () => {
      const sockets = new WebSocketServer({ path: "/s" });
      const server = await serve((app) => app.webSocket(sockets));
      const { socket } = await open(server, "/s");
      const closed = once(socket, "close");
      const options = { drainIdle: 0, timeout: 5000, ...(socketCode === undefined ? {} : { socketCode }) };
      await server.app.close(options);
      const [code] = await closed;
      assert.equal(code, socketCode ?? 1001);
    });
  }

  it("sends bytes in whatever buffer they are, and refuses what only looks like bytes", async () => {
    const bytes = Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    const shared = new SharedArrayBuffer(2);
    new Uint8Array(shared).set([1, 2]);
    const sent: [payload: unknown, hex: string][] = [
      [bytes, "00010203040506070809"],
      [bytes.buffer, "00010203040506070809"],
      [bytes.subarray(2, 4), "0203"],
      [new DataView(bytes.buffer, 4, 2), "0405"],
      [new Uint16Array(bytes.buffer, 2, 2), "02030405"],
      [new Float64Array(bytes.buffer, 0, 1), "0001020304050607"],
      [Buffer.from("hi"), "6869"],
      [shared, "0102"],
      [new ArrayBuffer(0), ""],
      ["é", "c3a9"],
    ];
    const refused: unknown[] = [
      ...[
        undefined,
        null,
        7,
        true,
        {},
        [1, 2],
        new Date(),
        Symbol("s"),
        () => "x",
        new Blob(["x"]),
        new Error("x"),
      ],
      ...[
        { byteLength: 1_000_000 },
        { length: 10 },
        { byteLength: 8, buffer: new ArrayBuffer(8), byteOffset: 0 },
      ],
      ...[Object.create(Uint8Array.prototype), new String("text"), new Map()],
    ];
    await withSocket({}, async (server, sockets) => {
      for (const payload of refused) {
        // Without clients too: an error that comes with the first one is found by users.
        await assert.rejects(sockets.broadcast(payload as never), /string or bytes/);
        await assert.rejects(sockets.writeTo("nobody", payload as never), /string or bytes/);
      }
      const socket = new WebSocket(`ws://127.0.0.1:${server.port}/updates`);
      const received: string[] = [];
      socket.on("message", (data: Buffer) => received.push(data.toString("hex")));
      await once(socket, "open");
      const [client] = sockets.clients.values();
      if (client === undefined) throw new Error("There is no client.");
      for (const payload of refused) {
        assert.throws(() => client.send(payload as never), /string or bytes/);
        await assert.rejects(sockets.broadcast(payload as never), /string or bytes/);
        await assert.rejects(sockets.writeTo(client.uuid, payload as never), /string or bytes/);
      }
      for (const [payload] of sent) {
        client.send(payload as never);
        await sockets.broadcast(payload as never);
        await sockets.writeTo(client.uuid, payload as never);
      }
      await sockets.disconnectAll();
      assert.deepEqual(
        received,
        sent.flatMap(([, hex]) => [hex, hex, hex]),
      );
    });
  });

  it("refuses codes and reasons that no frame can carry, and options of a broadcast that nobody reads", async () => {
    await withSocket({}, async (_server, sockets) => {
      for (const code of [0, 999, 1005, 1006, 1015, 2999, 5000, 1000.5, Number.NaN, "1000"])
        await assert.rejects(sockets.disconnectAll(code as never), /The code of a close/);
      await assert.rejects(sockets.disconnectAll(1000, "x".repeat(124)), /at most 123 bytes/);
      await assert.rejects(sockets.dispose(1000, "é".repeat(62)), /at most 123 bytes/);
      await assert.rejects(sockets.broadcast("x", { excpet: "a" } as never), /Perhaps "except" was meant/);
      await sockets.disconnectAll(4999, "x".repeat(123));
    });
  });
});
