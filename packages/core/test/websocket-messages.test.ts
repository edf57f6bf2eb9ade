import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, it } from "node:test";
import { type WebSocketClient, WebSocketServer, type WebSocketServerOptions } from "@miqro/core";
import { createDeferred } from "./support/deferred.js";
import { serve } from "./support/serve.js";

const head =
  "GET /live HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n" +
  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/** Messages as a client sends them, with a mask of zeros. */
function toFrames(...messages: string[]): Buffer {
  return Buffer.concat(
    messages.flatMap((text) => [Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]),
  );
}

/** What a client sends in turn: the next part when the server has got all messages so far, or its upgrade. */
interface Row {
  readonly parts: readonly Buffer[];
  readonly act?: (client: WebSocketClient, message: string) => unknown;
  readonly got: readonly string[];
  readonly options?: Partial<WebSocketServerOptions>;
}

const slow = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const rows: Readonly<Record<string, Row>> = {
  "that come with the upgrade": {
    parts: [Buffer.concat([Buffer.from(head), toFrames("one", "two")])],
    got: ["one", "two", "bye"],
  },
  "that come while the upgrade is checked": {
    parts: [Buffer.concat([Buffer.from(head), toFrames("one")]), toFrames("two"), toFrames("three")],
    got: ["one", "two", "three", "bye"],
    options: {
      async validate() {
        for (let turn = 0; turn < 20; turn++) await slow();
        return true;
      },
    },
  },
  "behind the one that the client is cut for": {
    parts: [Buffer.from(head), toFrames("cut", "more"), toFrames("more")],
    act: (client) => client.socket.terminate(),
    got: ["cut", "bye"],
  },
  "behind the one that the client is sent away for": {
    parts: [Buffer.from(head), toFrames("close", "more"), toFrames("more")],
    act: (client) => client.socket.close(4000, "enough"),
    got: ["close", "bye"],
  },
  "that wait while the client is sent away": {
    parts: [Buffer.from(head), toFrames("close", "more", "more", "more")],
    async act(client) {
      await slow();
      client.socket.close(4000);
    },
    got: ["close", "bye"],
    options: { maxPending: 1 },
  },
};

describe("messages of a WebSocket", () => {
  for (const [name, { parts, act, got, options }] of Object.entries(rows)) {
    it(`${name} are ${got.slice(0, -1).join(", ")}`, async () => {
      const seen: string[] = [];
      const over = createDeferred<void>();
      const wanted = createDeferred<void>();
      const sockets = new WebSocketServer({
        path: "/live",
        ...options,
        onMessage(client, data) {
          seen.push(String(data));
          if (seen.length === got.length - 1) wanted.resolve();
          return act?.(client, String(data));
        },
        onDisconnect() {
          seen.push("bye");
          over.resolve();
        },
      });
      await using server = await serve((app) => app.webSocket(sockets));
      const client = connect(server.port, "127.0.0.1").setNoDelay(true);
      client.on("error", () => {});
      client.resume();
      for (const part of parts) {
        client.write(part);
        await slow();
      }
      await wanted.promise;
      // All that was sent has arrived when the server answers to the end of the connection.
      client.end();
      await over.promise;
      assert.deepEqual(seen, got);
    });
  }
});

describe("an upgrade", () => {
  const refused: [name: string, head: string, answer: RegExp][] = [
    ["of HTTP/1.0 is ignored", head.replace("HTTP/1.1", "HTTP/1.0"), /^HTTP\/1\.1 426 /],
    [
      "with a body is refused",
      head.replace("\r\n\r\n", "\r\nContent-Length: 5\r\n\r\nhello"),
      /^HTTP\/1\.1 400 [\s\S]*no body/,
    ],
    [
      "with a malformed list of subprotocols is refused",
      head.replace("\r\n\r\n", "\r\nSec-WebSocket-Protocol: a,,b\r\n\r\n"),
      /^HTTP\/1\.1 400 [\s\S]*Sec-WebSocket-Protocol/,
    ],
  ];
  for (const [name, bytes, answer] of refused) {
    it(name, async () => {
      const sockets = new WebSocketServer({ path: "/live" });
      await using server = await serve((app) => app.webSocket(sockets));
      assert.match(await server.raw(bytes), answer);
      assert.equal(sockets.clients.size, 0);
    });
  }

  it("whose client resets the connection at any time leaves no client behind", async () => {
    const open = createDeferred<boolean>();
    const entered = createDeferred<void>();
    const sockets = new WebSocketServer({
      path: "/live",
      maxConnections: 1,
      validate: (req) => {
        entered.resolve();
        return req.url.includes("wait") ? open.promise : true;
      },
    });
    await using server = await serve((app) => app.webSocket(sockets));
    const waiting = connect(server.port, "127.0.0.1");
    waiting.write(head.replace("/live", "/live?wait"));
    await entered.promise;
    waiting.resetAndDestroy();
    await once(waiting, "close");
    open.resolve(true);
    for (const gone of [false, true]) {
      const client = connect(server.port, "127.0.0.1");
      client.write(head);
      const [answer] = await once(client, "data");
      // The place of the client that went is free again.
      assert.match(String(answer), /^HTTP\/1\.1 101 /, String(gone));
      const [first] = sockets.clients.values();
      const closed = once(first?.socket as never, "close");
      client.resetAndDestroy();
      await closed;
      assert.equal(sockets.clients.size, 0);
    }
  });
});
