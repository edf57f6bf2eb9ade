import assert from "node:assert/strict";
import { type TracingChannel, tracingChannel } from "node:diagnostics_channel";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, it } from "node:test";
import { constants, deflateRawSync } from "node:zlib";
import {
  ArgumentError,
  LocalRelay,
  type MessageTrace,
  type Relay,
  Router,
  SessionHandler,
  type WebSocketClient,
  WebSocketServer,
  type WebSocketServerOptions,
} from "@miqro/core";
import { type ClientOptions, WebSocket } from "ws";
import { type Served, serve } from "./support/serve.js";

/** A client, and what it gets. */
class Peer {
  readonly socket: WebSocket;
  readonly messages: string[] = [];
  #wake = (): void => {};

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data) => {
      this.messages.push(String(data));
      this.#wake();
    });
  }

  static async open(server: Served, options: ClientOptions = {}, path = "/ws"): Promise<Peer> {
    const peer = new Peer(new WebSocket(`ws://127.0.0.1:${server.port}${path}`, options));
    await once(peer.socket, "open");
    return peer;
  }

  async until(count: number): Promise<string[]> {
    while (this.messages.length < count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.messages;
  }
}

type Options = Omit<WebSocketServerOptions, "path">;

async function withServer(
  options: Options,
  run: (server: Served, sockets: WebSocketServer) => Promise<void>,
): Promise<void> {
  await using sockets = new WebSocketServer({ path: "/ws", ...options });
  await using server = await serve((app) => app.webSocket(sockets));
  await run(server, sockets);
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("rooms of a WebSocketServer", () => {
  it("get what is broadcast to them, and are left with the connection", async () => {
    const left: string[][] = [];
    const onDisconnect = (client: WebSocketClient) => left.push([...client.rooms]);
    await withServer({ onDisconnect }, async (server, sockets) => {
      const [a, b, c] = [await Peer.open(server), await Peer.open(server), await Peer.open(server)];
      const [first, second] = [...sockets.clients.values()] as [WebSocketClient, WebSocketClient];
      first.join("red");
      first.join("red");
      first.join("blue");
      assert.equal(sockets.join(second.uuid, "red"), true);
      assert.deepEqual([...first.rooms], ["red", "blue"]);
      await sockets.broadcast("to red", { room: "red" });
      await sockets.broadcast("to others in red", { room: "red", except: first.uuid });
      await sockets.broadcast("to nobody", { room: "green" });
      await sockets.broadcast("to all");
      assert.deepEqual(await a.until(2), ["to red", "to all"]);
      assert.deepEqual(await b.until(3), ["to red", "to others in red", "to all"]);
      assert.deepEqual(await c.until(1), ["to all"]);
      assert.deepEqual([sockets.leave(second.uuid, "red"), sockets.leave(second.uuid, "red")], [true, false]);
      assert.deepEqual([sockets.join("nobody", "red"), sockets.leave("nobody", "red")], [false, false]);
      a.socket.close();
      while (left.length === 0) await turn();
      assert.deepEqual(left, [["red", "blue"]]);
      assert.deepEqual([...first.rooms], []);
      first.join("red");
      assert.deepEqual([...first.rooms], []);
      for (const room of ["", 7, "x".repeat(257), undefined]) {
        assert.throws(() => second.join(room as string), ArgumentError);
      }
      await assert.rejects(sockets.broadcast("x", { room: 7 } as never), ArgumentError);
    });
  });

  it("span the processes that share a relay, each message once", async () => {
    await using relay = new LocalRelay();
    await using one = new WebSocketServer({ path: "/ws", relay });
    await using two = new WebSocketServer({ path: "/ws", relay });
    await using other = new WebSocketServer({ path: "/other", relay });
    await using first = await serve((app) => app.webSocket(one));
    await using second = await serve((app) => app.webSocket(two).webSocket(other));
    const a = await Peer.open(first);
    const b = await Peer.open(second);
    const c = await Peer.open(second, {}, "/other");
    const [client] = [...two.clients.values()] as [WebSocketClient];
    client.join("red");
    await one.broadcast("all");
    await one.broadcast(Buffer.from("bytes"));
    await one.broadcast("red only", { room: "red" });
    await one.broadcast("not you", client.uuid);
    await two.broadcast("back", { except: client.uuid });
    await other.broadcast("other");
    assert.deepEqual(await b.until(3), ["all", "bytes", "red only"]);
    assert.deepEqual(await a.until(4), ["all", "bytes", "not you", "back"]);
    assert.deepEqual(await c.until(1), ["other"]);
  });

  it("get what their own process sends while the relay is away, and the caller is told", async () => {
    const inner = new LocalRelay();
    const away = (): Promise<never> => Promise.reject(new Error("away"));
    let isAway = true;
    const relay: Relay = {
      publish: away,
      increment: away,
      subscribe: (...given) => (isAway ? away() : inner.subscribe(...given)),
    };
    await withServer({ relay }, async (server, sockets) => {
      await assert.rejects(Peer.open(server), /500/);
      isAway = false;
      const peer = await Peer.open(server);
      await assert.rejects(sockets.broadcast("local"), /away/);
      void sockets.broadcast("nobody waits");
      assert.deepEqual(await peer.until(2), ["local", "nobody waits"]);
    });
    await inner.close();
  });
});

describe("typed messages of a WebSocketServer", () => {
  it("arrive as the schema says, and others get an answer", async () => {
    const seen: { kind: string; size: number }[] = [];
    await using sockets = WebSocketServer.typed({
      path: "/ws",
      message: { kind: "string", size: "number" },
      onMessage: (client, data) => {
        seen.push(data);
        client.send(`got ${data.kind.length + data.size}`);
      },
    });
    await using server = await serve((app) => app.webSocket(sockets));
    const peer = await Peer.open(server);
    const invalid = [
      "no JSON",
      "",
      "{}",
      '{"kind":"a"}',
      '{"kind":1,"size":"x"}',
      '{"kind":"a","size":1,"more":1}',
      "null",
      "[]",
      `${"[".repeat(50_000)}`,
      Buffer.from('{"kind":"a","size":1}'),
    ];
    for (const one of invalid) peer.socket.send(one);
    peer.socket.send('{"kind":"abc","size":4,"__proto__":{"admin":true}}');
    const answers = await peer.until(invalid.length + 1);
    assert.equal(answers.pop(), "got 7");
    for (const answer of answers) {
      const { error } = JSON.parse(answer) as { error: { code: string; message: string; issues: object[] } };
      assert.equal(error.code, "INVALID_MESSAGE");
      assert.ok(error.message.length > 0 && Array.isArray(error.issues));
    }
    const { error } = JSON.parse(answers[4] ?? "") as { error: { issues: { path: string }[] } };
    assert.deepEqual(
      error.issues.map(({ path }) => path),
      ["message.kind", "message.size"],
    );
    assert.deepEqual(seen, [{ kind: "abc", size: 4 }]);
    assert.equal(sockets.clients.size, 1);
  });
});

describe("backpressure of a WebSocketServer", () => {
  it("works on so many messages of a client at once, in their order, and lets it wait", async () => {
    let most = 0;
    let running = 0;
    const order: number[] = [];
    const releases: (() => void)[] = [];
    const onMessage = async (_client: WebSocketClient, data: string | Buffer) => {
      most = Math.max(most, ++running);
      order.push(Number(String(data).slice(0, 6)));
      await new Promise<void>((resolve) => releases.push(resolve));
      running--;
    };
    await withServer({ onMessage, maxPending: 3 }, async (server, sockets) => {
      const peer = await Peer.open(server);
      const count = 600;
      // More than what fits into the buffers of both systems.
      for (let n = 0; n < count; n++) peer.socket.send(`${n}`.padStart(6, "0").padEnd(60_000, "x"));
      while (running < 3) await turn();
      for (let n = 0; n < 500; n++) await turn();
      assert.equal(order.length, 3);
      const [client] = [...sockets.clients.values()] as [WebSocketClient & { socket: WebSocket }];
      assert.equal(client.socket.isPaused, true);
      assert.ok(peer.socket.bufferedAmount > 5_000_000, "the client waits");
      while (order.length < count) {
        releases.shift()?.();
        await turn();
      }
      for (const release of releases) release();
      assert.equal(most, 3);
      assert.deepEqual(
        order,
        Array.from({ length: count }, (_, n) => n),
      );
    });
  });

  it("goes on after messages that fail, and forgets those of a client that has gone", async () => {
    const errors: string[] = [];
    let worked = 0;
    let gone = 0;
    const onMessage = async () => {
      worked++;
      await turn();
      throw new Error("failed");
    };
    const onError = ({ message }: Error) => errors.push(message);
    await withServer(
      { onMessage, onError, maxPending: 1, onDisconnect: () => void gone++ },
      async (server) => {
        const peer = await Peer.open(server);
        for (let n = 0; n < 50; n++) peer.socket.send("x");
        while (worked < 50) await turn();
        while (errors.length < 50) await turn();
        for (let n = 0; n < 50; n++) peer.socket.send("x");
        peer.socket.terminate();
        while (gone === 0) await turn();
        const then = worked;
        for (let n = 0; n < 20; n++) await turn();
        assert.ok(worked <= then + 1);
      },
    );
  });

  it("tells a sender what waits for a reader, and when it has left", async () => {
    await withServer({ maxBuffered: 100_000_000 }, async (server, sockets) => {
      const peer = await Peer.open(server);
      const [client] = [...sockets.clients.values()] as [WebSocketClient];
      assert.equal(await client.drain(), true);
      peer.socket.pause();
      let sent = 0;
      while (client.buffered < 1_000_000) {
        client.send("x".repeat(100_000));
        sent++;
        await turn();
      }
      const drained = client.drain();
      peer.socket.resume();
      assert.equal(await drained, true);
      assert.equal(client.buffered, 0);
      await peer.until(sent);
      peer.socket.pause();
      while (client.buffered < 1_000_000) {
        client.send("x".repeat(100_000));
        await turn();
      }
      const never = client.drain();
      peer.socket.terminate();
      assert.equal(await never, false);
      assert.equal(await client.drain(), false);
    });
  });
});

describe("the heartbeat of a WebSocketServer", () => {
  it("drops clients that give no sign of life, and keeps the others", async () => {
    const codes: number[] = [];
    await withServer(
      { heartbeat: 40, onDisconnect: (_client, code) => codes.push(code) },
      async (server, sockets) => {
        const silent = await Peer.open(server, { autoPong: false });
        const alive = await Peer.open(server);
        let pings = 0;
        alive.socket.on("ping", () => pings++);
        await once(silent.socket, "close");
        while (codes.length === 0) await turn();
        assert.deepEqual(codes, [1006]);
        while (pings < 4) await once(alive.socket, "ping");
        assert.equal(sockets.clients.size, 1);
      },
    );
  });

  it("keeps the clients of a process that is busy for longer than a heartbeat", async () => {
    await withServer({ heartbeat: 20 }, async (server, sockets) => {
      const peer = await Peer.open(server);
      for (let pings = 0; pings < 4; pings++) {
        await once(peer.socket, "ping", { signal: AbortSignal.timeout(10_000) });
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
      }
      assert.equal(sockets.clients.size, 1);
    });
  });

  it("keeps a client that cannot answer, while its large message or one for it is on the way", async () => {
    const size = 24 * 1024 * 1024;
    // The system takes a large message in steps of a megabyte or more. Each period must see a step.
    const options = { heartbeat: 300, maxBuffered: 2 * size, maxPayload: size };
    await withServer(options, async (server, sockets) => {
      // It never answers a ping.
      const client = connect(server.port, "127.0.0.1");
      client.write(
        "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
      );
      await once(client, "data");
      const [peer] = sockets.clients.values() as Iterable<WebSocketClient>;
      assert.ok(peer !== undefined);
      // The head of a message of 64 kB with a mask of zeros, and then a byte now and then.
      client.write(Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
      const started = performance.now();
      while (performance.now() - started < 800) {
        client.write("x");
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      assert.equal(sockets.clients.size, 1);
      const closed = once(peer.socket, "close");
      client.pause();
      peer.send(Buffer.alloc(size));
      let missing = size;
      while (missing > 0 && !client.destroyed) {
        const part: Buffer | null = client.read(Math.min(missing, 128 * 1024)) ?? client.read();
        missing -= part?.length ?? 0;
        await new Promise((resolve) => setTimeout(resolve, 3));
      }
      assert.ok(missing <= 0, `${missing} bytes are missing.`);
      // The whole message has come, and from then on there is no sign of life.
      await closed;
      client.destroy();
    });
  });

  it("waits for a client whose messages are being worked on", async () => {
    let release = (): void => {};
    const onMessage = () =>
      new Promise<void>((resolve) => {
        release = resolve;
      });
    await withServer({ heartbeat: 20, maxPending: 1, onMessage }, async (server, sockets) => {
      const peer = await Peer.open(server);
      let pings = 0;
      peer.socket.on("ping", () => pings++);
      peer.socket.send("a");
      peer.socket.send("b");
      while (pings < 5) await once(peer.socket, "ping");
      assert.equal(sockets.clients.size, 1);
      release();
      await turn();
      release();
    });
  });
});

describe("perMessageDeflate of a WebSocketServer", () => {
  const text = "Hello, compression! ".repeat(1000);

  it("compresses once for all clients that take it, and not for the others", async () => {
    await withServer({ perMessageDeflate: true }, async (server, sockets) => {
      const peers = [
        await Peer.open(server, { perMessageDeflate: true }),
        await Peer.open(server, { perMessageDeflate: { serverNoContextTakeover: true } }),
        await Peer.open(server, { perMessageDeflate: { serverMaxWindowBits: 9 } }),
        await Peer.open(server, { perMessageDeflate: false }),
      ];
      const bytes = () =>
        peers.map((peer) => (peer.socket as unknown as { _socket: { bytesRead: number } })._socket.bytesRead);
      const before = bytes();
      for (let count = 0; count < 3; count++) await sockets.broadcast(text);
      await sockets.broadcast("small");
      await sockets.broadcast(Buffer.from(text));
      for (const peer of peers) assert.deepEqual(await peer.until(5), [text, text, text, "small", text]);
      const sent = bytes().map((count, index) => count - (before[index] ?? 0));
      assert.deepEqual(
        sent.map((count) => count < 5000),
        [true, true, false, false],
      );
    });
  });

  it("reads compressed messages, and cuts a bomb before it is large", async () => {
    const seen: number[] = [];
    const errors: string[] = [];
    const options: Options = {
      perMessageDeflate: { threshold: 10 },
      maxPayload: 100_000,
      onMessage: (_client, data) => seen.push(data.length),
      onError: ({ message }) => errors.push(message),
    };
    await withServer(options, async (server) => {
      const peer = await Peer.open(server, { perMessageDeflate: { threshold: 10 } });
      peer.socket.send(text);
      while (seen.length === 0) await turn();
      assert.deepEqual(seen, [text.length]);
      const bomb = await Peer.open(server, { perMessageDeflate: { threshold: 10 } });
      bomb.socket.send("x".repeat(50_000_000));
      const [code] = await once(bomb.socket, "close");
      assert.ok([1006, 1009].includes(code));
      assert.match(errors[0] ?? "", /Max payload size exceeded/);
      assert.equal(seen.length, 1);
      // A message whose compressed form is broken, and one that is split into compressed fragments.
      const raw = connect(server.port, "127.0.0.1");
      raw.on("error", () => {}).resume();
      const closed = once(raw, "close");
      const data = deflateRawSync("y".repeat(90_000), { finishFlush: constants.Z_SYNC_FLUSH });
      raw.write(
        "GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n",
      );
      const mask = [0, 0, 0, 0];
      const half = data.length >> 1;
      raw.write(Buffer.from([0x41, 0x80 | half, ...mask]));
      raw.write(data.subarray(0, half));
      raw.write(Buffer.from([0x80, 0x80 | (data.length - half - 4), ...mask]));
      raw.write(data.subarray(half, -4));
      while (seen.length < 2) await turn();
      assert.equal(seen[1], 90_000);
      raw.write(Buffer.from([0xc1, 0x83, ...mask, 0xff, 0xff, 0xff]));
      await closed;
    });
  });
});

describe("hostile upgrades and frames", () => {
  it("let a flood in up to the limit, and the rest get 503", async () => {
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    let asked = 0;
    const validate = async () => {
      asked++;
      await gate;
      return true;
    };
    await withServer({ maxConnections: 10, validate }, async (server, sockets) => {
      const outcomes = Array.from({ length: 300 }, async () => {
        const socket = new WebSocket(`ws://127.0.0.1:${server.port}/ws`);
        return new Promise<string>((resolve) => {
          socket.on("open", () => resolve("open"));
          socket.on("error", ({ message }) => resolve(/\d{3}/.exec(message)?.[0] ?? message));
        });
      });
      // All but those that are being looked at are refused at once.
      const settled: string[] = [];
      for (const outcome of outcomes) void outcome.then((one) => settled.push(one));
      while (settled.length < 290) await turn();
      assert.deepEqual(new Set(settled), new Set(["503"]));
      assert.equal(asked, 10);
      release();
      const all = await Promise.all(outcomes);
      assert.deepEqual(
        ["open", "503"].map((one) => all.filter((other) => other === one).length),
        [10, 290],
      );
      assert.equal(sockets.clients.size, 10);
    });
  });

  it("pass the guards of their service first", async () => {
    const verify = ({ token }: { token: string }) =>
      token === "good" ? { account: "a", username: "u", groups: [] } : null;
    await using sockets = new WebSocketServer({
      path: "/ws",
      onConnection: (client) => client.send(String(client.session?.username)),
    });
    await using server = await serve((app) =>
      app.use(new Router().use(SessionHandler({ verify })).webSocket(sockets)),
    );
    await assert.rejects(Peer.open(server), /401/);
    const peer = await Peer.open(server, { headers: { authorization: "Bearer good" } });
    assert.deepEqual(await peer.until(1), ["u"]);
  });

  it("are closed with the code of their fault", async () => {
    const text = (bytes: number[], first = 0x81): number[] => [
      first,
      0x80 | bytes.length,
      0,
      0,
      0,
      0,
      ...bytes,
    ];
    const close = (code: number, ...reason: number[]): number[] =>
      text([code >> 8, code & 255, ...reason], 0x88);
    const rows: [name: string, bytes: number[], code: number][] = [
      ["invalid UTF-8", text([0xff]), 1007],
      ["an overlong form", text([0xc0, 0xaf]), 1007],
      ["half a surrogate pair", text([0xed, 0xa0, 0x80]), 1007],
      ["UTF-8 that ends early", text([0xe2, 0x82]), 1007],
      ["invalid UTF-8 across fragments", [...text([0xe2, 0x82], 0x01), ...text([0x41], 0x80)], 1007],
      ["a close of one byte", text([3], 0x88), 1002],
      ...[0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535].map(
        (code): [string, number[], number] => [`the close code ${code}`, close(code), 1002],
      ),
      ["a close with a reason that is no UTF-8", close(1000, 0xff), 1007],
      ["a close with a code of the program", close(4000, 0x6f, 0x6b), 4000],
      ["a plain close", close(1000), 1000],
      ["a reserved opcode", text([], 0x83), 1002],
      ["a reserved bit", text([], 0xc1), 1002],
      ["a fragmented ping", text([], 0x09), 1002],
      ["a continuation of nothing", text([], 0x80), 1002],
      ["a message within another", [...text([97], 0x01), ...text([97], 0x81)], 1002],
      ["a frame without a mask", [0x81, 1, 97], 1002],
      ["a message over the limit", [0x82, 0xfe, 0xff, 0xff, 0, 0, 0, 0], 1009],
    ];
    await withServer({ maxPayload: 1000, onError: () => {} }, async (server, sockets) => {
      for (const [name, bytes, code] of rows) {
        const socket = connect(server.port, "127.0.0.1");
        let answer = Buffer.alloc(0);
        socket
          .on("error", () => {})
          .on("data", (part: Buffer) => {
            answer = Buffer.concat([answer, part]);
          });
        const closed = once(socket, "close");
        socket.write(
          "GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        );
        socket.write(Buffer.from(bytes));
        await closed;
        const frame = answer.subarray(answer.indexOf("\r\n\r\n") + 4);
        assert.deepEqual([frame[0], frame.readUInt16BE(2)], [0x88, code], name);
      }
      while (sockets.clients.size > 0) await turn();
    });
  });

  it("tells of all faults of the options at once", () => {
    const wrong = {
      path: "/ws",
      message: "no type",
      maxPending: 0,
      heartbeat: -1,
      perMessageDeflate: { treshold: 1 },
      relay: {},
      room: "x",
    };
    assert.throws(
      () => new WebSocketServer(wrong as never),
      (error: ArgumentError) => {
        const paths = error.issues.map(({ path }) => path.split(".")[0]).sort();
        assert.deepEqual(
          paths,
          Object.keys(wrong)
            .filter((name) => name !== "path")
            .sort(),
        );
        return error instanceof ArgumentError;
      },
    );
  });
});

describe("the channel miqro:websocket.message", () => {
  it("tells of each message, and of its error", async () => {
    const seen: string[] = [];
    const channel: TracingChannel<MessageTrace, MessageTrace> = tracingChannel("miqro:websocket.message");
    const take =
      (event: string) =>
      (trace: unknown): void => {
        const { route, bytes, error } = trace as MessageTrace;
        seen.push(`${event} ${route} ${bytes} ${(error as Error | undefined)?.message ?? ""}`.trim());
      };
    const events = ["start", "end", "error", "asyncStart", "asyncEnd"] as const;
    const listeners = Object.fromEntries(events.map((event) => [event, take(event)])) as never;
    channel.subscribe(listeners);
    try {
      const onMessage = (client: WebSocketClient, data: string | Buffer) => {
        if (data === "bad") throw new Error("bad");
        client.send("ok");
      };
      await withServer(
        { onMessage, onError: (_error, client) => void client.send("failed") },
        async (server) => {
          const peer = await Peer.open(server);
          peer.socket.send("é");
          peer.socket.send("bad");
          await peer.until(2);
          assert.deepEqual(seen, [
            "start /ws 2",
            "end /ws 2",
            "start /ws 3",
            "error /ws 3 bad",
            "end /ws 3 bad",
          ]);
        },
      );
    } finally {
      channel.unsubscribe(listeners);
    }
  });
});
